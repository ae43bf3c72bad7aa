import { expect, it } from "vitest";
import { fakeDates, MINUTE, PushRig } from "./support.ts";

fakeDates();

const TWINS = { first: 10, second: 20 };

/** Two products of one SKU, at 10 and 20, and the review that asks about them. */
async function twins() {
  const store = await PushRig.open();
  const priced = [...store.dutchie.world.products.values()].filter(
    ({ price, isActive, brand }) => price !== null && isActive && brand !== null,
  );
  const [a, b] = priced.map(({ id }) => id);
  if (a === undefined || b === undefined) throw new Error("The store has two products with prices.");
  store.dutchie.setProduct(a, { sku: "TWIN-1", price: TWINS.first }, { silent: true });
  store.dutchie.setProduct(b, { sku: "TWIN-1", price: TWINS.second }, { silent: true });
  store.advance(MINUTE);
  await store.rig.start("incremental");
  await store.rig.drain();
  const open = await store.api<{ data: { review_id: string }[] }>("GET", "/reviews?state=open&kind=duplicate_sku");
  const review_id = open.body.data[0]?.review_id;
  const decide = async (what: "resolve" | "undo", body?: object) => {
    const { status } = await store.api("POST", `/reviews/${review_id}/${what}`, body);
    expect(status).toBe(200);
  };
  return { store, a, b, decide };
}

async function settle(store: PushRig): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    store.advance(10 * MINUTE);
    await store.send();
  }
}

it.each([
  ["waits", false],
  ["is parked", true],
])(
  "F51: a price chosen for a merge while an edit %s is shown once the edit was sent, and stays",
  async (_, isParked) => {
    const { store, a, b, decide } = await twins();
    await store.edit(a, { unit_price: 33 });
    if (isParked) {
      store.dutchie.setFaults([{ kind: "refuseWrite" }]);
      await store.send();
      store.dutchie.clearFaults();
    }
    expect(await store.pushes()).toMatchObject([{ state: isParked ? "parked" : "waiting" }]);
    await decide("resolve", { action: "merge", into: `prd_${a}`, fields: { unit_price: { from: `prd_${b}` } } });
    const [push] = await store.pushes();
    if (isParked) await store.api("POST", `/pushes/${push?.push_id}/retry`);
    await settle(store);
    expect(store.inDutchie(a).price).toBe(33);
    expect(await store.product(a)).toMatchObject({ unit_price: TWINS.second, pending: [] });
    // Nothing that comes later shows another price.
    store.dutchie.setProduct(b, { isActive: false }, { silent: true });
    store.advance(MINUTE);
    await store.rig.start("incremental");
    await store.rig.drain();
    expect(await store.product(a)).toMatchObject({ unit_price: TWINS.second });
    await decide("undo");
    expect(await store.product(a)).toMatchObject({ unit_price: 33, pending: [] });
    expect(await store.product(b)).toMatchObject({ unit_price: TWINS.second });
  },
);

it("F51: an edit of a product that is merged away before it is sent is sent, and seen after the merge is undone", async () => {
  const { store, a, b, decide } = await twins();
  await store.edit(b, { unit_price: 44 });
  await decide("resolve", { action: "merge", into: `prd_${a}` });
  await settle(store);
  expect(store.inDutchie(b).price).toBe(44);
  await decide("undo");
  expect(await store.product(b)).toMatchObject({ unit_price: 44, pending: [] });
});

it("F51: an edit of a merged product whose merge is undone before it is sent stays with that product", async () => {
  const { store, a, b, decide } = await twins();
  await decide("resolve", { action: "merge", into: `prd_${a}` });
  await store.edit(a, { unit_price: 44 });
  await decide("undo");
  await settle(store);
  expect([store.inDutchie(a).price, store.inDutchie(b).price]).toEqual([44, TWINS.second]);
  expect(await store.product(a)).toMatchObject({ unit_price: 44, pending: [] });
  expect(await store.product(b)).toMatchObject({ unit_price: TWINS.second, pending: [] });
});
