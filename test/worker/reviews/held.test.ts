import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hold, release } from "../../../src/location/held.ts";
import { Store } from "../../../src/location/store.ts";
import { ReviewStore, T0 } from "./support.ts";

/** Three packages; a snapshot of a minute later listed none of the first two. */
async function held(floor = T0 + 60_000) {
  const store = await ReviewStore.open();
  await store.tell("1", { sku: "S", product_name: "Blue Dream" });
  for (const id of ["p1", "p2", "p3"]) await store.stock("1", id, 5);
  const { stock } = await store.state();
  const ids = stock.filter(({ dutchie_inventory_id }) => dutchie_inventory_id !== "p3").map((row) => row.inventory_id);
  await within(store, (own) => hold(env, own, store.row, "inventory", { ids, held_at: T0, floor, live: 3, listed: 1 }));
  return { store, ids };
}

const within = <T>(store: ReviewStore, task: (own: Store) => Promise<T>) =>
  runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(store.row.location_id)), (_, state) =>
    task(new Store(state.storage.sql)),
  );

const total = async (store: ReviewStore) => (await store.product("prd_1")).quantity;

describe("a held snapshot", () => {
  it("is a review with its counts, in the status, and an alert", async () => {
    const { store, ids } = await held();
    expect(await store.review("?state=open")).toMatchObject({
      kind: "held_snapshot",
      subject: "inventory",
      reason: expect.stringContaining("lists 1 rows and leaves out 2 of the 3"),
      candidates: ids.map((record_id) => ({ record_id })),
      preview: null,
    });
    const status = await (await store.call("GET", "/status")).json();
    expect(status).toMatchObject({
      held_snapshot: { resource: "inventory", rows: 2 },
      open_reviews: 1,
      active_alerts: [{ rule: "held_snapshot", severity: "critical", state: "firing" }],
    });
    expect(await total(store)).toBe(15);
  });

  it("confirmed ends the rows, but not those that were told of since", async () => {
    const { store } = await held(T0 + 2_000);
    // Long after the snapshot.
    await store.db.$client
      .prepare("update inventory set source_at = ? where location_id = ? and dutchie_inventory_id = 'p2'")
      .bind(T0 + 3_000, store.row.location_id)
      .run();
    const { review_id } = await store.review();
    expect(await store.resolve(review_id, { action: "confirm" })).toMatchObject({
      state: "resolved",
      action: "confirm",
      resolved_by: "ann",
    });
    expect(await total(store)).toBe(10);
    expect(await store.alerts()).toMatchObject([{ state: "resolved", resolved_at: expect.any(Number) }]);
    const log = (await store.changes()).filter(({ cause }) => cause === "user");
    expect(log).toMatchObject([{ ref: review_id, fields: { quantity: [5, 0] } }]);
    expect(await within(store, async (own) => [own.get("held"), own.get("floors")])).toEqual([
      {},
      { products: 0, inventory: T0 + 2_000 },
    ]);
    expect((await store.call("POST", `/reviews/${review_id}/undo`)).status).toBe(409);
  });

  it("discarded changes nothing, and a later one is held and told of anew", async () => {
    const { store, ids } = await held();
    const [before, { review_id }] = [await store.state(), await store.review()];
    await store.resolve(review_id, { action: "discard" });
    expect(await store.state()).toEqual(before);
    expect(await within(store, async (own) => own.get("held"))).toEqual({});
    const later = { ids, held_at: T0 + 5, floor: T0, live: 3, listed: 1 };
    await within(store, (own) => hold(env, own, store.row, "inventory", later));
    expect(await store.review()).toMatchObject({ review_id, state: "open", action: null });
    expect(await store.alerts()).toMatchObject([{ state: "firing", started_at: T0 + 5, resolved_at: null }]);
  });

  it("is released by a second snapshot", async () => {
    const { store } = await held();
    const { location_id } = store.row;
    const decision = { action: "confirm", by: "snapshot" } as const;
    await within(store, (own) => release(env, own, location_id, "inventory", decision, T0 + 9));
    expect(await store.review()).toMatchObject({ state: "resolved", action: "confirm", resolved_by: "snapshot" });
    expect(await store.alerts()).toMatchObject([{ state: "resolved", resolved_at: T0 + 9 }]);
  });

  it("cannot be merged", async () => {
    const { store } = await held();
    const { review_id } = await store.review();
    expect((await store.call("POST", `/reviews/${review_id}/resolve`, { action: "merge" })).status).toBe(400);
  });
});
