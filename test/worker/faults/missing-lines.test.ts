import { afterEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { rows } from "../databases.ts";
import { Rig } from "./support.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

type Row = Record<string, unknown>;
type Path = "products" | "transactions";

/** A store whose Dutchie lists what was modified within the window that is asked for, and the windows' beginnings. */
async function open(profile: "pos" | "guide", lists: Record<Path, Row[]>) {
  const data_types = { ...DEFAULT_SETTINGS.data_types, inventory: false };
  const rig = await Rig.open({}, { profile, settings: { ...DEFAULT_SETTINGS, data_types } });
  const begins: Record<Path, number[]> = { products: [], transactions: [] };
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname, searchParams } = new URL(url);
    const path = pathname.split("/").at(-1) ?? "";
    if (path === "whoami") return Response.json({ locationId: rig.dutchie.config.locationId });
    if (path !== "products" && path !== "transactions") return Response.json([]);
    const asked = new Map([...searchParams].map(([name, value]) => [name.toLowerCase(), Date.parse(value)]));
    const [from = 0, to = Infinity] = [asked.get("fromlastmodifieddateutc"), asked.get("tolastmodifieddateutc")];
    begins[path].push(from);
    const stampOf = ({ lastModifiedDateUTC }: Row) => Date.parse(String(lastModifiedDateUTC));
    return Response.json(lists[path].filter((row) => stampOf(row) >= from && stampOf(row) <= to));
  });
  const sync = async (mode: "full" | "incremental") => {
    await rig.start(mode);
    await rig.drain();
    return (await rig.status()).last_run;
  };
  const poll = (after_ms: number) => {
    vi.setSystemTime(Date.now() + after_ms);
    return sync("incremental");
  };
  const linesOf = (id: string) =>
    rows<{ line_id: string }>(
      `select i.value->>0 as line_id from sales s join json_each(s.lines) i
       where s.location_id = ? and s.dutchie_transaction_id = ?`,
      rig.id,
      id,
    );
  return { rig, begins, sync, poll, linesOf };
}

const items = [
  { id: 1, productId: 1, quantity: 1, unitPrice: 10, totalPrice: 10 },
  { id: 2, productId: 1, quantity: 2, unitPrice: 10, totalPrice: 20 },
  { id: 3, productId: 1, quantity: 3, unitPrice: 10, totalPrice: 30 },
];

const at = (ago_ms: number) => new Date(Date.now() - ago_ms).toISOString();
const saleAt = (id: number, ago_ms: number): Row => ({
  transactionId: id,
  transactionDate: at(ago_ms),
  lastModifiedDateUTC: at(ago_ms),
  total: 60,
});
const productAt = (ago_ms: number): Row => ({ productId: 1, productName: "A", lastModifiedDateUTC: at(ago_ms) });

describe("F43: a sale without its lines", () => {
  it.each<["pos" | "guide", string, Row, RegExp]>([
    ["pos", "an empty list", { items: [] }, /total of 60 and came without lines/],
    ["pos", "no list", {}, /total of 60 and came without lines/],
    ["pos", "null", { items: null }, /total of 60 and came without lines/],
    ["pos", "an object", { items: {} }, /are not a list/],
    ["pos", "a text", { items: "3 items" }, /are not a list/],
    ["pos", "nulls", { items: [null, null, null] }, /line 1 of the sale is empty/],
    ["guide", "one of three", { items: items.slice(0, 1), totalItems: 6 }, /should have 6 items, but 1 came/],
    ["guide", "an empty list", { items: [] }, /total of 60 and came without lines/],
  ])(
    "F43: %s: a sale with %s is listed and has its lines after the next poll, although its time did not change",
    async (profile, _, lost, reason) => {
      const lists: Record<Path, Row[]> = { products: [productAt(DAY)], transactions: [saleAt(8, 30 * MINUTE)] };
      const whole: Row = { ...saleAt(9, 30 * MINUTE), items };
      lists.transactions = [
        { ...saleAt(8, 30 * MINUTE), items },
        { ...whole, items: undefined, ...lost },
      ];
      const { sync, poll, linesOf, begins } = await open(profile, lists);
      expect(await sync("full")).toMatchObject({
        state: "completed_with_errors",
        failures: [{ dutchie_id: "9", reason: expect.stringMatching(reason) }],
      });
      expect(await linesOf("9")).toEqual([]);
      // Longer than a window's overlap.
      expect(await poll(45 * MINUTE)).toMatchObject({ failures: [{ dutchie_id: "9" }] });
      lists.transactions = [lists.transactions[0] ?? {}, whole];
      expect(await poll(45 * MINUTE)).toMatchObject({ state: "completed", failed: 0 });
      expect(await linesOf("9")).toHaveLength(3);
      // From then on nothing is read again.
      await poll(45 * MINUTE);
      expect(begins.transactions.at(-1)).toBeGreaterThan(Date.now() - 60 * MINUTE);
    },
  );

  it("F43: a sale keeps its lines if a list has none or one of three, and is read again", async () => {
    const lists: Record<Path, Row[]> = {
      products: [productAt(DAY)],
      transactions: [{ ...saleAt(9, 30 * MINUTE), items }],
    };
    const { sync, poll, linesOf } = await open("pos", lists);
    await sync("full");
    for (const lost of [{}, { items: items.slice(0, 1) }, { items: {} }]) {
      lists.transactions = [{ ...saleAt(9, 0), ...lost }];
      expect(await poll(15 * MINUTE)).toMatchObject({ failures: [{ dutchie_id: "9" }] });
      expect(await linesOf("9")).toHaveLength(3);
    }
    // A list of the guide promises no lines, so a list without lines says nothing.
    const guide = await open("guide", { ...lists, transactions: [saleAt(9, 0)] });
    expect(await guide.sync("full")).toMatchObject({ state: "completed", failed: 0 });
  });

  it("F43: a sale that never gets its lines is read again for a day, and no longer", async () => {
    const lists: Record<Path, Row[]> = {
      products: [productAt(DAY)],
      transactions: [{ ...saleAt(9, MINUTE), lastModifiedDateUTC: at(-2 * DAY) }],
    };
    const { begins, rig, sync, poll } = await open("pos", lists);
    await sync("full");
    // Within every window, whatever its end.
    const forever = () => (lists.transactions = [{ ...saleAt(9, 0), items: [] }]);
    for (let hours = 0; hours <= 25; hours += 5) {
      forever();
      await poll(5 * 60 * MINUTE);
      expect(Date.now() - (begins.transactions.at(-1) ?? 0)).toBeLessThan(DAY + 6 * 60 * MINUTE);
    }
    forever();
    await poll(15 * MINUTE);
    expect(begins.transactions.at(-1)).toBeGreaterThan(Date.now() - 60 * MINUTE);
    expect((await rig.status()).last_run?.failures).toHaveLength(1);
  });
});

describe("F43: a product that could not be read", () => {
  it("F43: a product that could not be read comes with the next poll that can, although its time did not change", async () => {
    const stamped = productAt(30 * MINUTE);
    const lists: Record<Path, Row[]> = {
      products: [productAt(DAY), { ...stamped, productId: {}, productName: "B" }],
      transactions: [],
    };
    const { rig, sync, poll } = await open("pos", lists);
    await sync("full");
    await poll(3 * 60 * MINUTE);
    lists.products = [productAt(DAY), { ...stamped, productId: 2, productName: "B" }];
    expect(await poll(3 * 60 * MINUTE)).toMatchObject({ state: "completed", failed: 0 });
    const names = await rows("select product_name from products where location_id = ? order by 1", rig.id);
    expect(names).toEqual([{ product_name: "A" }, { product_name: "B" }]);
  });
});
