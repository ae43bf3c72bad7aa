import type { Records } from "./records.ts";
import { numberOf, type Row, type View } from "./view.ts";

/** The change log ends with what the lists show, and each way to ask for it gives the same entries. */
export async function compareLog(view: View, { products, inventory, sales }: Records): Promise<void> {
  const log = await view.all("/changes");
  const limit = view.random.pick([1, 7, 60]);
  if (log.length / limit < 80) view.same(`/changes by cursors of ${limit}`, await view.all("/changes", limit), log);
  view.same("/changes: each entry once", new Set(log.map(({ change_id }) => change_id)).size, log.length);
  for (const resource of ["products", "inventory", "sales", "rooms"]) {
    view.same(
      `/changes of ${resource}`,
      await view.all(`/changes?resource=${resource}`, view.random.pick([7, 500])),
      log.filter((entry) => entry.resource === resource),
    );
  }
  const since = log.length === 0 ? null : String(view.random.pick(log).at);
  if (since !== null) {
    const later = log.filter(({ at }) => String(at) >= since);
    view.same(`/changes since ${since}`, await view.all(`/changes?since=${since}`), later);
  }
  const stored = new Map<string, Row>([
    ...products.map((row) => [`products ${row.product_id}`, row] as const),
    ...inventory.map((row) => [`inventory ${row.inventory_id}`, row] as const),
    ...sales.map((row) => [`sales ${row.sale_id}`, row] as const),
  ]);
  for (const [key, entries] of Map.groupBy(log, ({ resource, record_id }) => `${resource} ${record_id}`)) {
    const record = stored.get(key);
    if (record !== undefined) compareHistory(view, { key, record, entries });
  }
  await compareAsked(view, { products, inventory, sales }, log);
  await compareLedgers(view, { products, inventory, sales });
}

type Fields = Record<string, { before: unknown; after: unknown }>;

/** What each change says came before is what the change before it said came after, and the last one is what is stored. */
function compareHistory(view: View, { key, record, entries }: { key: string; record: Row; entries: Row[] }): void {
  const known = new Map<string, unknown>(Object.entries(record));
  for (const entry of entries) {
    for (const [field, { before, after }] of Object.entries(entry.fields as Fields)) {
      if (known.has(field)) view.same(`${field} of ${key} by ${entry.change_id}`, after, known.get(field));
      known.set(field, before);
    }
  }
}

/** Of one record, and of a product with its packages. What an import created has an entry in the second alone. */
async function compareAsked(view: View, { products, inventory, sales }: Records, log: readonly Row[]): Promise<void> {
  const ids = [
    ...products.map((row) => row.product_id),
    ...inventory.map((row) => row.inventory_id),
    ...sales.map((row) => row.sale_id),
  ];
  for (let turn = 0; turn < 4 && ids.length > 0; turn++) {
    const id = String(view.random.pick(ids));
    const asked = await view.all(`/changes?record_id=${encodeURIComponent(id)}`, view.random.pick([1, 500]));
    view.same(
      `/changes of ${id}`,
      asked.filter(({ cause }) => cause !== "initial"),
      log.filter((entry) => entry.record_id === id && entry.cause !== "initial"),
    );
  }
  for (let turn = 0; turn < 3 && products.length > 0; turn++) {
    const { product_id } = view.random.pick(products);
    const family = new Set(
      products
        .filter((row) => row.merged_into === product_id || row.product_id === product_id)
        .map((row) => row.product_id),
    );
    const packages = new Set(inventory.filter((row) => family.has(row.product_id)).map((row) => row.inventory_id));
    const asked = await view.all(`/products/${product_id}/changes`, view.random.pick([2, 500]));
    view.same(
      `the changes of ${product_id}`,
      asked.filter(({ cause }) => cause !== "initial"),
      log.filter(
        (entry) =>
          entry.cause !== "initial" &&
          ((entry.resource === "products" && family.has(entry.record_id)) ||
            (entry.resource === "inventory" && packages.has(entry.record_id))),
      ),
    );
  }
}

/** A product's ledger ends with its quantity, each balance follows from the one before, and the first one from nothing. */
async function compareLedgers(view: View, { products }: Records): Promise<void> {
  const roots = products.filter(({ merged_into }) => merged_into === null);
  for (let turn = 0; turn < 4 && roots.length > 0; turn++) {
    const { product_id, quantity } = view.random.pick(roots);
    const limit = view.random.pick([1, 7, 500]);
    const entries = await view.all(`/products/${product_id}/ledger`, limit);
    let balance = numberOf(quantity);
    for (const entry of entries) {
      view.near(`the balance of ${product_id} at ${entry.at}, by pages of ${limit}`, entry.balance, balance, 1e-4);
      balance -= numberOf(entry.change);
    }
    view.near(`what ${product_id} had before all that its ledger has`, balance, 0, 1e-3);
  }
}

/** The stock of a day that is over, as the list showed it at the last look on that day. */
export class PastDays {
  readonly #days = new Map<string, { at: number; time_zone: string; rows: string[] }>();

  async compare(view: View, { inventory }: Records): Promise<void> {
    const { time_zone } = await view.get<{ time_zone: string }>("");
    const dayOf = (at: number) => new Intl.DateTimeFormat("en-CA", { timeZone: time_zone }).format(new Date(at));
    const today = dayOf(Date.now());
    const log = this.#days.size === 0 ? [] : await view.all("/changes?resource=inventory");
    for (const [day, known] of this.#days) {
      const later = log.filter(({ at }) => Date.parse(String(at)) >= known.at);
      const isChanged = later.some(({ at }) => dayOf(Date.parse(String(at))) <= day);
      if (day >= today || known.time_zone !== time_zone || isChanged) continue;
      const path = `/v1/inventory/snapshot?location_id=${view.location_id}&date=${day}`;
      view.same(
        `the stock of ${day}, known at ${new Date(known.at).toISOString()}`,
        stockOf(await view.all(path, view.random.pick([7, 500]))),
        known.rows,
      );
    }
    this.#days.set(today, { at: Date.now(), time_zone, rows: stockOf(inventory) });
  }
}

const stockOf = (rows: readonly Row[]): string[] =>
  rows
    .filter(({ quantity }) => quantity !== 0)
    .map((row) => JSON.stringify([row.inventory_id, row.quantity, row.room_name, row.product_id, row.unit_price]))
    .sort();
