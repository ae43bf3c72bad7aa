import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Product } from "../../../simulator/world/records.ts";
import type { Settings } from "../../../src/domain/records/model.ts";
import { PushRig } from "./support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** How many writes reached Dutchie. */
let writes = 0;

/** A Dutchie that stores its own rendition of a write, and answers with its row or with nothing. */
function willful(store: PushRig, make: (body: Record<string, unknown>) => object, answers: boolean): void {
  const { app } = store.dutchie;
  writes = 0;
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    if (init?.method !== "POST") return app.request(url, init as never);
    writes++;
    const body: unknown = JSON.parse(String(init.body));
    const made = Array.isArray(body)
      ? body.map((each) => ({ ...each, ...make(each) }))
      : { ...(body as object), ...make(body as never) };
    const response = await app.request(url, { ...init, body: JSON.stringify(made) } as never);
    return answers || !response.ok ? response : new Response("[]", { headers: { "content-type": "application/json" } });
  });
}

const CASES: [string, object, (body: Record<string, unknown>) => object, (product: Product) => unknown, string][] = [
  [
    "a price rounded",
    { unit_price: 12.345 },
    (body) => (typeof body.price === "number" ? { price: Math.round(body.price * 100) / 100 } : {}),
    ({ price }) => price,
    "Dutchie kept 12.35 for 12.345",
  ],
  [
    "a name trimmed to twenty characters, in capitals",
    { product_name: "Northern Lights Special Reserve" },
    (body) =>
      typeof body.productName === "string" ? { productName: body.productName.slice(0, 20).toUpperCase() } : {},
    ({ name }) => name,
    "Dutchie kept “NORTHERN LIGHTS SPEC”",
  ],
];
const CHANNELS = ["the answer", "a webhook", "a poll"] as const;
const AUTHORITIES: Settings["field_authority"][] = [{}, { unit_price: "reup", product_name: "reup" }];

describe.each(CASES)("F69: Dutchie's rendition: %s", (_name, edit, make, inDutchie, said) => {
  const [field] = Object.keys(edit) as ["unit_price" | "product_name"];

  it.each(CHANNELS.flatMap((channel) => AUTHORITIES.map((authority) => [channel, authority] as const)))(
    "F69: a rendition by %s, with the authority %j, is no edit: no review and no second write, and the push says so",
    async (channel, field_authority) => {
      const store = await PushRig.open({ field_authority });
      const { id } = store.anyProduct();
      willful(store, make, channel === "the answer");
      await store.edit(id, edit);
      await store.send();
      expect(writes).toBe(1);
      const kept = inDutchie(store.inDutchie(id));
      const words = field === "unit_price" ? { productId: id, price: kept } : { productId: id, productName: kept };
      // It always comes back by webhook, once as of the moment of writing; it may come late, and the poll follows.
      if (channel !== "a poll") {
        await store.tell(Date.now() - 1, words);
        await store.tell(Date.now() + 1_000, words);
      }
      for (let poll = 0; poll < 3; poll++) {
        store.advance(20 * 60_000);
        await store.rig.start(poll === 2 ? "full" : "incremental");
        await store.rig.drain();
        await store.send();
      }
      expect(writes).toBe(1);
      expect(await store.reviews()).toEqual([]);
      expect(await store.alerts()).toEqual([]);
      expect((await store.product(id))[field]).toBe(kept);
      expect((await store.product(id)).pending).toEqual([]);
      const pushes = await store.pushes();
      expect(pushes).toMatchObject([{ state: "done" }]);
      expect(pushes[0]?.reason).toContain(said);
    },
  );
});

describe("F69: edits of somebody in Dutchie stay edits", () => {
  it("F69: another price at the moment of writing opens a review", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    willful(store, CASES[0]?.[2] ?? (() => ({})), true);
    await store.edit(id, { unit_price: 12.345 });
    await store.send();
    await store.tell(Date.now() - 1, { productId: id, price: 19.99 });
    expect(await store.reviews()).toMatchObject([{ conflicts: [{ field: "unit_price", dutchie_value: 19.99 }] }]);
  });

  it("F69: the next edit begins at the value that Dutchie kept, and is sent without a question", async () => {
    const store = await PushRig.open();
    const { id } = store.anyProduct();
    willful(store, CASES[0]?.[2] ?? (() => ({})), false);
    await store.edit(id, { unit_price: 12.345 });
    await store.send();
    await store.edit(id, { unit_price: 15.5 });
    await store.send();
    expect(store.inDutchie(id).price).toBe(15.5);
    expect(await store.reviews()).toEqual([]);
  });

  it("F69: another price in Dutchie is still put back if ReUp decides on the field", async () => {
    const store = await PushRig.open({ field_authority: { unit_price: "reup" } });
    const { id } = store.anyProduct();
    willful(store, CASES[0]?.[2] ?? (() => ({})), false);
    await store.edit(id, { unit_price: 12.345 });
    await store.send();
    store.advance(60_000);
    store.dutchie.setProduct(id, { price: 19.99 }, { silent: true });
    await store.tell(Date.now(), { productId: id, price: 19.99 });
    await store.send();
    expect(store.inDutchie(id).price).toBe(12.35);
  });
});
