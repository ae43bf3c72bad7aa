import { describe, expect, it } from "vitest";
import { hold, release } from "../../../src/location/snapshots/held.ts";
import { liveRows } from "../../../src/location/snapshots/snapshot.ts";
import { ReviewStore, T0, within } from "./support.ts";

/** Three packages at $10; a snapshot of a minute later listed none of the first two. */
async function held(floor = T0 + 60_000) {
  const store = await ReviewStore.open();
  await store.tell("1", { sku: "S", product_name: "Blue Dream" });
  for (const id of ["p1", "p2", "p3"]) await store.stock("1", id, 5);
  await store.db.$client
    .prepare("update inventory set unit_price = 10 where location_id = ?")
    .bind(store.row.location_id)
    .run();
  await leaveOut(store, floor, T0);
  const { stock } = await store.state();
  const ids = stock.filter(({ dutchie_inventory_id }) => dutchie_inventory_id !== "p3").map((row) => row.inventory_id);
  return { store, ids };
}

/** A snapshot with this floor left out all packages but p3, and that is held. */
const leaveOut = (store: ReviewStore, floor: number, now: number) =>
  within(store, now, async (context) => {
    const live = await liveRows({ ...context, now: Date.now() }, "inventory");
    const rows = live.filter(({ unit }) => unit !== "p3");
    const facts = { rows, live: live.length, isEmpty: false, kept: 0, recent: 0, floor };
    await hold(context, "inventory", facts);
    const asked = new Map(rows.map(({ id }) => [id, floor]));
    const { absences } = context.store;
    absences.put("inventory", { ...absences.get("inventory"), asked });
  });

const total = async (store: ReviewStore) => (await store.product("prd_1")).quantity;

describe("a held snapshot", () => {
  it("a held snapshot is a review with its counts, shown in the status, and an alert", async () => {
    const { store, ids } = await held();
    expect(await store.review("?state=open")).toMatchObject({
      kind: "held_snapshot",
      subject: "inventory",
      reason: expect.stringContaining("leaves out 2 of the 3 packages that ReUp has (worth $100.00)"),
      candidates: ids.map((record_id) => ({
        record_id,
        product_name: "Blue Dream",
        package_id: null,
        room_name: expect.any(String),
        quantity: 5,
        value: 50,
      })),
      held_rows: 2,
      preview: null,
    });
    const status = await (await store.call("GET", "/status")).json();
    expect(status).toMatchObject({
      held_snapshot: { resource: "inventory", rows: 2, value_at_stake: 100 },
      open_reviews: 1,
      active_alerts: [{ rule: "held_snapshot", severity: "critical", state: "firing" }],
    });
    expect(await total(store)).toBe(15);
  });

  it("a held snapshot that is confirmed ends its rows, except for rows that changed since", async () => {
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
    const alerts = await store.alerts();
    expect(alerts.find(({ rule }) => rule === "held_snapshot")).toMatchObject({ state: "resolved" });
    expect(alerts.find(({ rule }) => rule === "stock_ended")).toMatchObject({ state: "firing", severity: "critical" });
    const log = (await store.changes()).filter(({ cause }) => cause === "user");
    expect(log).toMatchObject([{ ref: review_id, fields: { quantity: [5, 0] } }]);
    expect(await within(store, T0, async ({ store: own }) => [own.get("held"), own.get("floors")])).toEqual([
      {},
      { products: 0, inventory: T0 + 2_000 },
    ]);
    expect((await store.call("POST", `/reviews/${review_id}/undo`)).status).toBe(409);
  });

  it("a discarded snapshot changes nothing; only further absences are asked about", async () => {
    const { store, ids } = await held();
    const [before, { review_id }] = [await store.state(), await store.review()];
    await store.resolve(review_id, { action: "discard" });
    expect(await store.state()).toEqual(before);
    expect(await within(store, T0, async ({ store: own }) => [own.get("held"), own.absences.get("inventory")])).toEqual(
      [{}, { asked: new Map(), kept: new Map(ids.map((id) => [id, T0 + 60_000])) }],
    );
    expect(await store.review()).toMatchObject({ reason: expect.stringContaining("ann said that these 2 packages") });
    await leaveOut(store, T0 + 90_000, T0 + 5);
    expect(await store.review()).toMatchObject({ review_id, state: "open", action: null });
    expect(await store.alerts()).toMatchObject([{ state: "firing", started_at: T0 + 5, resolved_at: null }]);
  });

  it("who undid the decision to keep what a list leaves out, when and why, is kept while the list is held", async () => {
    const { store } = await held();
    const { review_id } = await store.review();
    await store.resolve(review_id, { action: "discard", reason: "Seen on the shelf" });
    const reason = "Counted again: they are gone";
    const undone = { by: "ann", reason, at: expect.stringMatching(/Z$/) };
    expect(await store.undo(review_id, { reason })).toMatchObject({ state: "open", action: null, undone });
    // A later list asks the same question, and the next decision is another person's.
    await leaveOut(store, T0 + 90_000, T0 + 5);
    expect(await store.review()).toMatchObject({ state: "open", undone });
    const decided = await store.resolve(review_id, { action: "discard", reason: "Found" });
    expect(decided).toMatchObject({ resolved_by: "ann", resolved_reason: "Found", undone });
  });

  it("a snapshot that is no longer held cannot be decided", async () => {
    const { store } = await held();
    const { review_id } = await store.review();
    await within(store, T0, async ({ store: own }) => own.remove("held"));
    expect((await store.call("POST", `/reviews/${review_id}/resolve`, { action: "confirm" })).status).toBe(409);
    // Nobody decided: it is listed under no decision, and the text no longer asks.
    expect(await store.review()).toMatchObject({
      state: "resolved",
      action: null,
      reason: expect.stringContaining("no longer holds that list"),
    });
    expect((await store.call("POST", `/reviews/${review_id}/undo`)).status).toBe(409);
    expect(await total(store)).toBe(15);
  });

  it("packages and products that are held at once each have their own number", async () => {
    const { store } = await held();
    const rows = await within(store, T0, async (context) => {
      const live = await liveRows({ ...context, now: Date.now() }, "products");
      await hold(context, "products", { rows: live, live: live.length, isEmpty: true, kept: 0, recent: 0, floor: T0 });
      return live.length;
    });
    const reviews = await store.reviews("?state=open");
    expect(Object.fromEntries(reviews.map(({ subject, held_rows }) => [subject, held_rows]))).toEqual({
      inventory: 2,
      products: rows,
    });
  });

  it.each([1, 3, 20, 0])("stock is not ended when a person was shown %d, and 2 are held", async (count) => {
    const { store } = await held();
    const { review_id } = await store.review();
    const response = await store.call("POST", `/reviews/${review_id}/resolve`, { action: "confirm", count });
    expect(response.status).toBe(409);
    expect(await response.text()).toContain(`Dutchie's list now leaves out 2, not ${count}`);
    expect(await store.review()).toMatchObject({ state: "open" });
    expect(await total(store)).toBe(15);
  });

  it("stock is ended when a person was shown its number, which no other action takes", async () => {
    const { store } = await held();
    const { review_id } = await store.review();
    const keep = await store.call("POST", `/reviews/${review_id}/resolve`, { action: "discard", count: 2 });
    expect(keep.status).toBe(400);
    await store.resolve(review_id, { action: "confirm", count: 2 });
    expect(await total(store)).toBe(5);
  });

  it("a second snapshot releases a held snapshot", async () => {
    const { store } = await held();
    const outcome = "They are listed again.";
    const decision = { action: "discard", by: "snapshot", reason: null, outcome } as const;
    await within(store, T0 + 9, (context) => release(context, "inventory", decision));
    const review = await store.review();
    expect(review).toMatchObject({ state: "resolved", action: "discard", resolved_by: "snapshot", reason: outcome });
    // The notice of the end does not ask either.
    expect(await store.alerts()).toMatchObject([{ state: "resolved", resolved_at: T0 + 9, message: outcome }]);
    const undone = await store.call("POST", `/reviews/${review.review_id}/undo`);
    expect([undone.status, await undone.text()]).toEqual([409, expect.stringContaining("nobody decided")]);
  });

  it("a held snapshot cannot be merged", async () => {
    const { store } = await held();
    const { review_id } = await store.review();
    expect((await store.call("POST", `/reviews/${review_id}/resolve`, { action: "merge" })).status).toBe(400);
  });
});
