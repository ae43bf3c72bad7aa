import { describe, expect, it } from "vitest";
import { fakeDates, MINUTE, PushRig } from "./support.ts";

fakeDates();

/** A price edited in ReUp that Dutchie changed as well before it was sent. */
async function conflicting() {
  const store = await PushRig.open();
  const { id, price } = store.anyProduct();
  await store.edit(id, { unit_price: 33.25, product_name: "A name of ReUp's" });
  store.advance(MINUTE);
  store.dutchie.setProduct(id, { price: 28 }, { silent: true });
  await store.send();
  return { store, id, price };
}

describe("F07: a field that both sides changed", () => {
  it("F07: the field is not written over: a review shows the earlier value and both new ones", async () => {
    const { store, id, price } = await conflicting();
    expect(store.inDutchie(id)).toMatchObject({ price: 28 });
    const [review] = await store.reviews();
    expect(review?.conflicts).toEqual([{ field: "unit_price", base: price, dutchie_value: 28, reup_value: 33.25 }]);
    expect(await store.pushes()).toMatchObject([{ state: "conflict" }]);
    // Until somebody has decided, ReUp shows what the till charges.
    expect(await store.product(id)).toMatchObject({ unit_price: 28, pending: [] });
  });

  it("the field cannot be edited again before the review is decided", async () => {
    const { store, id } = await conflicting();
    const [review] = await store.reviews();
    const again = await store.edit(id, { unit_price: 40 });
    expect(again.status).toBe(409);
    expect(again.body.error.details).toEqual({ review_id: review?.review_id });
    expect((await store.edit(id, { brand: "Another" })).status).toBe(202);
  });

  it("keep_reup sends ReUp's value, and the rest of the edit with it", async () => {
    const { store, id } = await conflicting();
    const [review] = await store.reviews();
    const decided = await store.api("POST", `/reviews/${review?.review_id}/resolve`, { action: "keep_reup" });
    expect(decided.status).toBe(200);
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price: 33.25, name: "A name of ReUp's" });
    expect(await store.product(id)).toMatchObject({ unit_price: 33.25, pending: [] });
    expect(await store.reviews()).toEqual([]);
    expect((await store.pushes()).map(({ state }) => state)).toEqual(["done", "cancelled"]);
  });

  it("keep_dutchie leaves Dutchie's value, and the other fields of the edit are sent", async () => {
    const { store, id } = await conflicting();
    const [review] = await store.reviews();
    await store.api("POST", `/reviews/${review?.review_id}/resolve`, { action: "keep_dutchie" });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price: 28, name: "A name of ReUp's" });
    expect(await store.product(id)).toMatchObject({ unit_price: 28, product_name: "A name of ReUp's", pending: [] });
  });

  it.each([
    ["the review cannot be stored", "reviews"],
    ["Dutchie's value cannot be shown again", "products"],
  ])("an edit that joined the one in doubt is not lost when %s", async (_, table) => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    let accept = async () => {};
    store.beforeRead(async () => {
      await store.edit(id, { product_name: "A later name" });
      store.dutchie.setProduct(id, { price: 28 }, { silent: true });
      await store.tell(store.inDutchie(id).modified ?? 0, { productId: id, price: 28 });
      ({ accept } = await store.refuseWrites(table));
    });
    await store.send();
    expect(await store.reviews()).toEqual([]);
    await accept();
    store.advance(4 * MINUTE);
    await store.send();
    const [review] = await store.reviews();
    expect(review?.conflicts).toMatchObject([{ field: "unit_price", dutchie_value: 28, reup_value: 33.25 }]);
    await store.api("POST", `/reviews/${review?.review_id}/resolve`, { action: "keep_reup" });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price: 33.25, name: "A later name" });
  });

  it("the same value in Dutchie is no conflict", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { price: 33.25 }, { silent: true });
    await store.send();
    expect(await store.reviews()).toEqual([]);
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
  });

  it("another field that Dutchie changed is no conflict: both changes stay", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { product_name: "A name of ReUp's" });
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { brand: "Dutchie's brand" }, { silent: true });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ name: "A name of ReUp's", brand: "Dutchie's brand" });
    expect(await store.product(id)).toMatchObject({ product_name: "A name of ReUp's", brand: "Dutchie's brand" });
  });

  it("a write does not use an answer that is older than a webhook", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { brand: "New brand" }, { silent: true });
    const at = store.inDutchie(id).modified ?? 0;
    await store.tell(at, { productId: id, brandName: "New brand", lastModifiedDateUTC: new Date(at).toISOString() });
    store.dutchie.setFaults([{ kind: "stale", path: "/reporting/products", ms: 5 * MINUTE }]);
    await store.edit(id, { product_name: "A name of ReUp's" });
    await store.send();
    // The old answer, written back as a whole, would have overwritten the new brand.
    expect(store.inDutchie(id)).toMatchObject({ brand: "New brand" });
    expect(await store.pushes()).toMatchObject([{ state: "waiting", attempts: 1 }]);
    store.dutchie.clearFaults();
    store.advance(MINUTE);
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ brand: "New brand", name: "A name of ReUp's" });
    expect(await store.pushes()).toMatchObject([{ state: "done" }]);
  });

  it("an edit in Dutchie at the moment of our write opens a review, and a person can put it back", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    await store.edit(id, { product_name: "A name of ReUp's" });
    let edited_at = 0;
    store.beforeWrite(() => {
      store.advance(1);
      store.dutchie.setProduct(id, { brand: "Dutchie's brand" }, { silent: true });
      edited_at = store.inDutchie(id).modified ?? 0;
    });
    await store.send();
    const taken = store.inDutchie(id).brand?.trim();
    expect(taken).not.toBe("Dutchie's brand");
    await store.tell(edited_at, { productId: id, brandName: "Dutchie's brand" });
    const [review] = await store.reviews();
    expect(review?.conflicts).toMatchObject([{ field: "brand", dutchie_value: "Dutchie's brand", reup_value: taken }]);
    await store.api("POST", `/reviews/${review?.review_id}/resolve`, { action: "keep_dutchie" });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ brand: "Dutchie's brand", name: "A name of ReUp's" });
    expect(await store.reviews()).toEqual([]);
  });
});

describe("F08: who decides on a field", () => {
  it("F08: a field that Dutchie decides on cannot be edited in ReUp", async () => {
    const store = await PushRig.open({ field_authority: { unit_price: "dutchie" } });
    const { id, price } = store.anyProduct();
    const refused = await store.edit(id, { unit_price: 1 });
    expect(refused.status).toBe(409);
    expect(refused.body.error.details).toMatchObject({ fields: [{ field: "unit_price" }] });
    await store.send();
    expect(store.inDutchie(id).price).toBe(price);
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { price: 17 }, { silent: true });
    await store.rig.start("incremental");
    await store.rig.drain();
    expect(await store.product(id)).toMatchObject({ unit_price: 17 });
  });

  it("F08: if ReUp decides on a field, a change of Dutchie's is put back, and ReUp never shows it", async () => {
    const store = await PushRig.open({ field_authority: { unit_price: "reup" } });
    const { id, price } = store.anyProduct();
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { price: 17, brand: "New brand" }, { silent: true });
    await store.rig.start("incremental");
    await store.rig.drain();
    expect(await store.product(id)).toMatchObject({
      unit_price: price,
      brand: "New brand",
      pending: [{ field: "unit_price", dutchie_value: 17 }],
    });
    await store.send();
    expect(store.inDutchie(id)).toMatchObject({ price, brand: "New brand" });
    expect(await store.product(id)).toMatchObject({ unit_price: price, pending: [] });
  });

  it("F08: if ReUp decides on a field, an edit is sent although Dutchie changed the field", async () => {
    const store = await PushRig.open({ field_authority: { unit_price: "reup" } });
    const { id } = store.anyProduct();
    await store.edit(id, { unit_price: 33.25 });
    store.advance(MINUTE);
    store.dutchie.setProduct(id, { price: 17 }, { silent: true });
    await store.send();
    expect(store.inDutchie(id).price).toBe(33.25);
    expect(await store.reviews()).toEqual([]);
  });
});

describe("F11: our own change coming back", () => {
  it("F11: our own change that comes back once or three times, late or between two edits, changes nothing", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    const before = await store.product(id);
    await store.edit(id, { unit_price: 33.25 });
    await store.send();
    const first = store.inDutchie(id).modified ?? 0;
    const echo = { productId: id, price: 33.25, lastModifiedDateUTC: new Date(first).toISOString() };
    await store.tell(first, echo);
    await store.edit(id, { unit_price: 35 });
    await store.tell(first, echo);
    expect(await store.product(id)).toMatchObject({ unit_price: 35 });
    await store.send();
    store.advance(2 * MINUTE);
    expect(await store.tell(first, echo)).toBe("stale");
    const after = await store.product(id);
    expect(after).toMatchObject({ unit_price: 35, quantity: before.quantity, pending: [] });
    expect(store.inDutchie(id).price).toBe(35);
    expect(await store.reviews()).toEqual([]);
    expect(await store.pushes()).toHaveLength(2);
  });
});
