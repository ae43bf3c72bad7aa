import { expect, it, vi } from "vitest";
import { fakeDates, MINUTE, PushRig } from "./support.ts";

fakeDates();

/** The next write reaches Dutchie, which stores `make` of it, and its answer gets lost. */
function loseAnswer(store: PushRig, make: (body: Record<string, unknown>) => object = () => ({})): void {
  const { app } = store.dutchie;
  let isLost = false;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (isLost || init?.method !== "POST") return app.request(url, init as never);
    isLost = true;
    const given: unknown = JSON.parse(String(init.body));
    const made = Array.isArray(given)
      ? given.map((each) => ({ ...each, ...make(each) }))
      : { ...(given as object), ...make(given as never) };
    await app.request(url, { ...init, body: JSON.stringify(made) } as never);
    throw new TypeError("Network connection lost.");
  });
}

/** The edits are sent, however often they must be tried. */
async function settle(store: PushRig): Promise<void> {
  for (let tries = 0; tries < 4; tries++) {
    store.advance(10 * MINUTE);
    await store.send();
  }
}

const rounded = ({ price }: Record<string, unknown>) =>
  typeof price === "number" ? { price: Math.round(price * 100) / 100 } : {};

it.each<[string, number, number | null, (body: Record<string, unknown>) => object]>([
  ["another price", 33.25, 35, () => ({})],
  ["the price from before", 33.25, null, () => ({})],
  ["another price, and Dutchie rounded the first", 12.345, 15.5, rounded],
])(
  "F07: a write whose answer got lost is nobody's edit in Dutchie: %s is sent after it",
  async (_, first, next, make) => {
    const store = await PushRig.open();
    const { id, price } = store.anyProduct();
    await store.edit(id, { unit_price: first });
    loseAnswer(store, make);
    await store.send();
    expect(await store.pushes()).toMatchObject([{ state: "waiting", attempts: 1 }]);
    await store.edit(id, { unit_price: next ?? price });
    await settle(store);
    expect(await store.reviews()).toEqual([]);
    expect(store.inDutchie(id).price).toBe(next ?? price);
    expect(await store.product(id)).toMatchObject({ unit_price: next ?? price, pending: [] });
  },
);

it("F07: a later name is sent, though the lost one came back by webhook meanwhile", async () => {
  const store = await PushRig.open();
  const { id } = store.anyProduct();
  await store.edit(id, { product_name: "The first name" });
  loseAnswer(store);
  await store.send();
  const written_at = store.inDutchie(id).modified ?? 0;
  await store.tell(written_at, { productId: id, productName: "The first name" });
  await store.edit(id, { product_name: "The second name" });
  await settle(store);
  await store.tell(written_at, { productId: id, productName: "The first name" });
  expect(await store.reviews()).toEqual([]);
  expect(store.inDutchie(id).name).toBe("The second name");
  expect(await store.product(id)).toMatchObject({ product_name: "The second name", pending: [] });
});

it("F07: after a lost answer, another value in Dutchie is still somebody's edit", async () => {
  const store = await PushRig.open();
  const { id } = store.anyProduct();
  await store.edit(id, { unit_price: 33.25 });
  loseAnswer(store);
  await store.send();
  store.advance(MINUTE);
  store.dutchie.setProduct(id, { price: 28 }, { silent: true });
  await store.edit(id, { unit_price: 35 });
  await settle(store);
  expect(await store.reviews()).toMatchObject([{ conflicts: [{ dutchie_value: 28, reup_value: 35 }] }]);
  expect(store.inDutchie(id).price).toBe(28);
});
