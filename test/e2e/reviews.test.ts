import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage, type Store, until } from "./support.ts";

interface Candidate {
  product_id: string;
  dutchie_product_id: string;
  quantity: number;
  packages: number;
}
interface Review {
  review_id: string;
  kind: string;
  state: string;
  subject: string;
  action: string | null;
  into: string | null;
  resolved_by: string | null;
  candidates: Candidate[];
}
interface Product {
  merged_into: string | null;
  quantity: number;
  brand: string | null;
  inventory: { quantity: number; dutchie_inventory_id: string }[];
}

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const reviews = (store: Store, query: string) =>
  stage.api.all<Review>(`/v1/locations/${store.id}/reviews?kind=duplicate_sku&${query}`);
const product = (store: Store, id: string) => store.get<Product>(`/products/${id}`);
const sum = (rows: { quantity: number }[]) => Math.round(rows.reduce((all, row) => all + row.quantity, 0) * 1e6) / 1e6;

describe("duplicate SKUs of a simulated Dutchie", () => {
  it("duplicates that agree are merged, others open a review; a decision can be undone and stays across syncs", async () => {
    const store = await stage.connect({ size: 300, seed: 21 });
    await store.sync("initial");
    const { duplicate_skus } = store.dutchie.oracle();
    const [agreeing, differing] = [true, false].map((agree) =>
      duplicate_skus.filter((each) => each.agree === agree).map(({ sku }) => sku),
    );
    expect(agreeing?.length).toBeGreaterThan(0);
    expect(differing?.length).toBeGreaterThan(1);
    const merged = await reviews(store, "state=resolved");
    expect(merged.map(({ subject }) => subject).sort()).toEqual(agreeing?.sort());
    expect(new Set(merged.map(({ resolved_by }) => resolved_by))).toEqual(new Set(["auto"]));
    const open = await reviews(store, "state=open");
    expect(open.map(({ subject }) => subject).sort()).toEqual(differing?.sort());

    const [one, two] = open;
    const [first, second] = one?.candidates ?? [];
    if (one === undefined || two === undefined || first === undefined || second === undefined) throw new Error();
    const before = [await product(store, first.product_id), await product(store, second.product_id)];
    await store.post(`/reviews/${one.review_id}/resolve`, {
      action: "merge",
      into: second.product_id,
      fields: { brand: "Chosen" },
    });
    const survivor = await product(store, second.product_id);
    expect(survivor).toMatchObject({ brand: "Chosen", quantity: sum([first, second]) });
    expect(sum(survivor.inventory)).toBe(survivor.quantity);
    expect(survivor.inventory.length).toBe((before[0]?.inventory.length ?? 0) + (before[1]?.inventory.length ?? 0));
    expect((await product(store, first.product_id)).merged_into).toBe(second.product_id);
    await store.post(`/reviews/${two.review_id}/resolve`, { action: "keep_both" });

    // Dutchie continues: stock moves, everything is read again, and no review opens twice.
    store.dutchie.act({ count: 40, kind: "sell" });
    const run = await store.sync("full");
    expect(run.state).toBe("completed");
    const decided = await reviews(store, "state=resolved");
    expect(decided.find(({ review_id }) => review_id === one.review_id)).toMatchObject({
      action: "merge",
      into: second.product_id,
    });
    expect(decided.find(({ review_id }) => review_id === two.review_id)).toMatchObject({ action: "keep_both" });
    expect(await product(store, second.product_id)).toMatchObject({ brand: "Chosen" });
    const verified = await store.sync("verify");
    expect(verified.verification?.accuracy).toBe(1);

    await store.post(`/reviews/${one.review_id}/undo`);
    const auto = merged[0];
    if (auto === undefined) throw new Error();
    const apart = await store.post<Review>(`/reviews/${auto.review_id}/undo`);
    expect(apart).toMatchObject({ state: "resolved", action: "keep_both" });
    await store.sync("full");
    for (const candidate of [...one.candidates, ...auto.candidates]) {
      expect((await product(store, candidate.product_id)).merged_into).toBeNull();
    }
    expect(await store.differences()).toEqual([]);
    expect((await reviews(store, "state=open")).map(({ review_id }) => review_id)).toContain(one.review_id);
  });
});

describe("a snapshot that would empty a store", () => {
  const status = (store: Store) =>
    store.get<{ held_snapshot: object | null; active_alerts: { rule: string }[] }>("/status");
  const held = async (store: Store) => {
    const { data } = await store.get<{ data: Review[] }>("/reviews?kind=held_snapshot");
    return data[0];
  };

  it("a held snapshot is shown and raises an alert, changes nothing when it is discarded, and ends with a good one", async () => {
    const store = await stage.connect({ size: 60, seed: 22 });
    await store.sync("initial");
    const emptied = async () => {
      store.dutchie.setFaults([{ kind: "empty200", path: "/reporting/inventory" }]);
      await store.sync("full");
      store.dutchie.clearFaults();
    };
    await emptied();
    const review = await held(store);
    expect(review).toMatchObject({ state: "open", subject: "inventory" });
    await until(
      () => status(store),
      ({ active_alerts }) => active_alerts.some(({ rule }) => rule === "held_snapshot"),
    );
    expect(await store.differences()).toEqual([]);
    await store.post(`/reviews/${review?.review_id}/resolve`, { action: "discard" });
    expect(await status(store)).toMatchObject({ held_snapshot: null, active_alerts: [] });

    // The decision is valid until Dutchie lists them again.
    await emptied();
    expect(await held(store)).toMatchObject({ state: "resolved", action: "discard" });
    expect(await store.differences()).toEqual([]);
    await store.sync("full");
    await emptied();
    expect(await held(store)).toMatchObject({ state: "open" });
    await store.sync("full");
    expect(await held(store)).toMatchObject({
      state: "resolved",
      action: "discard",
      resolved_by: "snapshot",
      reason: expect.stringContaining("leaves out only a few of them now, or none"),
    });
    // Counts of the status may lag by two seconds behind a run.
    const after = await until(
      () => status(store),
      ({ active_alerts }) => active_alerts.length === 0,
    );
    expect(after.held_snapshot).toBeNull();
    expect(await store.differences()).toEqual([]);
  });
});
