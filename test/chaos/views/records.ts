import { numberOf, type Row, sum, type View } from "./view.ts";

/** Page sizes: one row, some, and more than there are. */
const LIMITS = [1, 2, 7, 500] as const;

interface List {
  path: string;
  /** The name of a record's id. */
  id: string;
  /** Values that differ from one reading of the list to the next. */
  sorts: readonly string[];
  /** What two rows of equal rank are ordered by. */
  order: (a: Row, b: Row) => number;
}

const by =
  (...keys: readonly ((row: Row) => string)[]) =>
  (a: Row, b: Row) => {
    for (const key of keys) if (key(a) !== key(b)) return key(a) < key(b) ? -1 : 1;
    return 0;
  };

const PRODUCTS: List = {
  path: "/products?include_merged=true",
  id: "product_id",
  sorts: ["product_name", "unit_price", "quantity"],
  order: by((row) => String(row.product_id)),
};
const INVENTORY: List = {
  path: "/inventory",
  id: "inventory_id",
  sorts: ["product_name", "quantity"],
  order: by(
    (row) => String(row.dutchie_inventory_id),
    (row) => String(row.inventory_id),
  ),
};
const newest = by(
  (row) => String(row.completed_at),
  (row) => String(row.sale_id),
);
const SALES: List = { path: "/sales", id: "sale_id", sorts: ["total"], order: (a, b) => newest(b, a) };

export interface Records {
  products: Row[];
  inventory: Row[];
  sales: Row[];
}

export async function readRecords(view: View): Promise<Records> {
  const [products, inventory, sales] = [
    await view.all(PRODUCTS.path),
    await view.all(INVENTORY.path),
    await view.all(SALES.path),
  ];
  return { products, inventory, sales };
}

/** Every way to read the lists gives the same rows, and what they say of each other is so. */
export async function compareRecords(view: View, records: Records): Promise<void> {
  await compareReadings(view, PRODUCTS, records.products);
  await compareReadings(view, INVENTORY, records.inventory);
  await compareReadings(view, SALES, records.sales);
  compareStock(view, records);
  await compareDetails(view, records);
  await compareChoices(view, records);
  await compareToday(view, records);
}

async function compareReadings(view: View, { path, id, sorts, order }: List, rows: Row[]): Promise<void> {
  const ids = (given: readonly Row[]) => given.map((row) => row[id]);
  view.same(`${path}: each record once`, new Set(ids(rows)).size, rows.length);
  view.same(`${path}: in the order of the keys`, ids(rows), ids([...rows].sort(order)));
  const limit = view.random.pick(LIMITS);
  view.same(`${path}: by cursors of ${limit}`, await view.all(path, limit), rows);
  const { rows: paged, totals } = await view.numbered(path, limit);
  view.same(`${path}: by pages of ${limit}`, paged, rows);
  for (const total of new Set(totals)) view.same(`${path}: total`, total, rows.length);
  const { columns, lines } = await view.csv(path);
  const table = rows.map((row) => columns.map((column) => cellOf(row[column])));
  view.same(`${path}: as CSV`, lines, table);
  const sort = view.random.pick(sorts);
  for (const asked of [sort, `-${sort}`]) {
    const joined = path.includes("?") ? "&" : "?";
    const { rows: sorted } = await view.numbered(`${path}${joined}sort=${asked}`, view.random.pick([3, 500]));
    view.same(`${path} by ${asked}: ids`, ids(sorted).sort(), ids(rows).sort());
    view.same(
      `${path} by ${asked}: order`,
      ids(sorted),
      ids([...sorted].sort((a, b) => ranked(a, b, asked) || order(a, b))),
    );
  }
}

/** A cell never begins a formula: an apostrophe stands before. */
const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "string" && /^[=+\-@]/.test(value) ? `'${value}` : String(value);
};

/** Case and accents do not count. */
export const plain = (value: string) => value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

function ranked(a: Row, b: Row, sort: string): number {
  const field = sort.replace("-", "");
  const [x, y] = [a[field] ?? null, b[field] ?? null];
  if (x === null || y === null) return Number(x === null) - Number(y === null);
  const [p, q] = typeof x === "string" ? [plain(x), plain(String(y))] : [x as number, y as number];
  const way = sort.startsWith("-") ? -1 : 1;
  return p === q ? 0 : p < q ? -way : way;
}

/** To which product each one belongs. */
export const rootOf = (row: Row | undefined): unknown => row?.merged_into ?? row?.product_id;

/** A product's quantity is the sum of its packages; names and SKUs of packages are those of their products. */
function compareStock(view: View, { products, inventory }: Records): void {
  const byId = new Map(products.map((row) => [row.product_id, row]));
  const quantities = Map.groupBy(inventory, (row) => rootOf(byId.get(row.product_id)));
  for (const product of products) {
    const { product_id, merged_into } = product;
    if (merged_into !== null) {
      const survivor = byId.get(merged_into);
      view.same(`${product_id}: what it is merged into is no merged product`, survivor?.merged_into, null);
      continue;
    }
    const packages = quantities.get(product_id) ?? [];
    view.near(`quantity of ${product_id}`, product.quantity, sum(packages.map((row) => numberOf(row.quantity))));
    const variants = product.variants as Row[];
    view.same(
      `the variant of ${product_id}`,
      variants.map(({ id, name, sku, price, wholesale_price }) => [id, name, sku, price, wholesale_price]),
      [[product_id, product.product_name, product.sku, product.unit_price, product.unit_cost]],
    );
    view.same(`${product_id} is active`, product.active, product.status === "active");
  }
  for (const row of inventory) {
    const { inventory_id, product_id, quantity, reserved_quantity, available_quantity } = row;
    const product = byId.get(product_id);
    if (product_id !== null && product === undefined) view.wrong.push(`${inventory_id}: there is no ${product_id}`);
    view.same(`${inventory_id}: the product's name`, row.product_name, product?.product_name ?? null);
    view.near(`${inventory_id}: available`, available_quantity, numberOf(quantity) - numberOf(reserved_quantity), 5e-5);
  }
}

/** One record alone is as in its list. */
async function compareDetails(view: View, { products, inventory, sales }: Records): Promise<void> {
  for (const product of some(view, products)) {
    const detail = await view.get(`/products/${product.product_id}`);
    const { packages, inventory: rows = packages, ...alone } = detail;
    view.same(`${product.product_id} alone`, pickedAs(alone, product), product);
    const family = new Set(
      products.filter((row) => rootOf(row) === product.product_id || row === product).map((row) => row.product_id),
    );
    const its = inventory.filter((row) => family.has(row.product_id));
    view.same(`packages of ${product.product_id}`, rows, its);
    view.same(
      `packages of ${product.product_id} in the list`,
      await view.all(
        `/inventory?product_id=${encodeURIComponent(String(product.product_id))}`,
        view.random.pick(LIMITS),
      ),
      its,
    );
  }
  for (const sale of some(view, sales)) {
    view.same(`${sale.sale_id} alone`, await view.get(`/sales/${sale.sale_id}`), sale);
    view.same(`items of ${sale.sale_id}`, typeof sale.item_count, "number");
  }
}

const pickedAs = (row: Row, like: Row): Row => Object.fromEntries(Object.keys(like).map((key) => [key, row[key]]));

function some<T>(view: View, rows: readonly T[], most = 6): T[] {
  if (rows.length <= most) return [...rows];
  return Array.from({ length: most }, () => view.random.pick(rows));
}

/** Rooms, categories and the words behind them count what the lists have. */
async function compareChoices(view: View, { products, inventory }: Records): Promise<void> {
  const categories = await view.get<{ data: Row[] }>("/categories");
  const named = products.filter((row) => row.merged_into === null && row.category !== null);
  const counted = [...Map.groupBy(named, ({ category }) => category)].map(([category, its]) => [category, its.length]);
  view.same("/categories", categories.data.map(({ category, products: n }) => [category, n]).sort(), counted.sort());
  const rooms = await view.get<{ data: Row[] }>("/rooms");
  const types = new Map(rooms.data.map((row) => [row.room_name, row.room_type]));
  const live = inventory.filter(({ quantity }) => quantity !== 0);
  for (const row of live) {
    const type = types.get(row.room_name);
    if (type !== undefined)
      view.same(`the type of ${row.room_name}, where ${row.inventory_id} is`, row.room_type, type);
  }
  const mapping = await view.get<{ data: Row[]; words: number; unmapped: number; pagination: Row }>("/mapping");
  view.same("/mapping: total", mapping.pagination.total, mapping.data.length);
  const value = (rows: readonly Row[]) => sum(rows.map((row) => numberOf(row.quantity) * numberOf(row.unit_price)));
  const listed = mapping.data.filter(({ kind }) => kind === "room");
  view.same("packages, as mapped", sum(listed.map((row) => numberOf(row.count))), live.length);
  const worth = sum(listed.map((row) => numberOf(row.value)));
  view.near("value of packages, as mapped", worth, value(live), 0.011 * (listed.length + 1));
  const keyOf = (name: unknown) => plain(String(name ?? ""));
  const inRooms = Map.groupBy(live, (row) => keyOf(row.room_name));
  const known = new Set(rooms.data.map((row) => keyOf(row.room_name)));
  // A room that has another name by now has the packages, which keep its former one until the next read of them.
  const areNamed = [...inRooms.keys()].every((name) => known.has(name));
  for (const { word, count } of areNamed ? listed : []) {
    view.same(`packages in ${word}, as mapped`, count, inRooms.get(keyOf(word))?.length ?? 0);
  }
  const ofDutchie = products.filter((row) => row.dutchie_product_id !== null && row.status !== "deleted");
  const words = mapping.data.filter(({ kind }) => kind === "category");
  view.same("products, as mapped", sum(words.map((row) => numberOf(row.count))), ofDutchie.length);
  const ids = new Set(ofDutchie.map((row) => row.product_id));
  view.near(
    "value of products, as mapped",
    sum(words.map((row) => numberOf(row.value))),
    value(live.filter((row) => ids.has(row.product_id))),
    0.011 * (words.length + 1),
  );
  const unmapped = await view.get<{ data: Row[]; pagination: Row }>("/mapping?mapped=false");
  view.same("/mapping: unmapped", unmapped.pagination.total, mapping.unmapped);
  const { unmapped: shown } = await view.get("/status");
  view.same("/status: unmapped", shown, mapping.unmapped);
}

/** Of today, the snapshot is the stock now. */
async function compareToday(view: View, { inventory }: Records): Promise<void> {
  const { time_zone } = await view.get("");
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: String(time_zone) }).format(new Date(Date.now()));
  const path = `/v1/inventory/snapshot?location_id=${view.location_id}&date=${day}`;
  const rows = await view.all(path, view.random.pick(LIMITS));
  const live = inventory.filter(({ quantity }) => quantity !== 0);
  view.same(
    "today's snapshot",
    rows,
    live.map((row, index) => pickedAs(row, rows[index] ?? row)),
  );
}
