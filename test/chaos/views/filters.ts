import { plain, type Records, rootOf } from "./records.ts";
import { numberOf, type Row, sum, type View } from "./view.ts";

/** What is asked for, and the sentence of the API contract about it, as a test on a row. */
interface Filter {
  query: string;
  holds: (row: Row) => boolean;
}

const ROOM_TYPES = ["sales_floor", "vault", "quarantine", "secret_menu"];
const text = (value: unknown) => encodeURIComponent(String(value));
const lower = (value: unknown) => String(value ?? "").toLowerCase();
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

/** What a filter gives, alone or with another one, is the part of the list for which its sentence holds. */
export async function compareFilters(view: View, { products, inventory, sales }: Records): Promise<void> {
  const { settings } = await view.get<{ settings: { low_stock_threshold: number } }>("");
  const given = { products, inventory, low: settings.low_stock_threshold };
  const all = view.random.chance(0.5);
  const listed = products.filter(({ merged_into }) => all || merged_into === null);
  await compareEach(view, { list: `/products?include_merged=${all}`, rows: listed, filters: ofProducts(view, given) });
  await compareEach(view, { list: "/inventory?", rows: inventory, filters: ofInventory(view, given) });
  await compareEach(view, { list: "/sales?", rows: sales, filters: ofSales(view, sales) });
}

async function compareEach(
  view: View,
  given: { list: string; rows: readonly Row[]; filters: Filter[] },
): Promise<void> {
  const { list, rows, filters } = given;
  await compareFilter(view, `${list}`, rows);
  for (const { query, holds } of filters) await compareFilter(view, `${list}&${query}`, rows.filter(holds));
  for (let turn = 0; turn < 4 && filters.length > 1; turn++) {
    const both = [view.random.pick(filters), view.random.pick(filters)];
    const names = both.map(({ query }) => query.split("=")[0]);
    if (names[0] === names[1]) continue;
    const found = rows.filter((row) => both.every(({ holds }) => holds(row)));
    await compareFilter(view, `${list}&${both.map(({ query }) => query).join("&")}`, found);
  }
}

async function compareFilter(view: View, path: string, expected: readonly Row[]): Promise<void> {
  const limit = view.random.pick([2, 500]);
  const { rows, totals } = await view.numbered(path, limit);
  const idsOf = (given: readonly Row[]) => given.map((row) => row.inventory_id ?? row.sale_id ?? row.product_id);
  view.same(path, idsOf(rows), idsOf(expected));
  view.same(`${path}: total`, totals[0], expected.length);
  if (view.random.chance(0.2)) view.same(`${path} by cursors of ${limit}`, await view.all(path, limit), rows);
  if (view.random.chance(0.1)) view.same(`${path} as CSV`, (await view.csv(path)).lines.length, rows.length);
}

interface Given {
  products: Row[];
  inventory: Row[];
  /** The store's low_stock_threshold. */
  low: number;
}

function ofProducts(view: View, { products, inventory, low }: Given): Filter[] {
  const byId = new Map(products.map((row) => [row.product_id, row]));
  const packages = Map.groupBy(inventory, (row) => rootOf(byId.get(row.product_id)));
  const stockOf = (row: Row) => (packages.get(row.product_id) ?? []).filter(({ quantity }) => quantity !== 0);
  const available = (rows: readonly Row[]) =>
    sum(rows.map((row) => numberOf(row.quantity) - numberOf(row.reserved_quantity)));
  const filters: Filter[] = [
    ...["active", "inactive", "deleted", "provisional"].map((status) => ({
      query: `status=${status}`,
      holds: (row: Row) => row.status === status,
    })),
    ...[true, false].map((active) => ({ query: `active=${active}`, holds: (row: Row) => row.active === active })),
    {
      query: "own=true",
      holds: (row) => row.source === "reup" && row.dutchie_product_id === null && row.status !== "deleted",
    },
    { query: "low_stock=true", holds: (row) => stockOf(row).length > 0 && available(stockOf(row)) <= low },
    ...ROOM_TYPES.map((type) => ({
      query: `room_type=${type}`,
      holds: (row: Row) => stockOf(row).some(({ room_type }) => room_type === type),
    })),
    ...ofOne(view, products).map(({ query, holds }) => ({ query, holds })),
  ];
  const word = wordIn(view, products);
  if (word !== null) {
    const isIn = (row: Row) =>
      [row.product_name, row.brand, row.sku, row.upc].some((value) => plain(String(value ?? "")).includes(word));
    filters.push({ query: `q=${text(word)}`, holds: isIn });
    filters.push({
      query: `search=${text(word)}`,
      holds: (row) =>
        isIn(row) || (packages.get(row.product_id) ?? []).some((each) => lower(each.package_id).includes(word)),
    });
  }
  const [tag, id] = [tagIn(view, inventory), idIn(view, inventory)];
  for (const sought of [tag, id]) {
    if (sought === null) continue;
    filters.push({
      query: `search=${text(sought)}`,
      holds: (row) =>
        [row.product_name, row.brand, row.sku, row.upc].some((value) => plain(String(value ?? "")).includes(sought)) ||
        lower(row.dutchie_product_id) === sought ||
        (packages.get(row.product_id) ?? []).some((each) => isOfPackage(each, sought)),
    });
  }
  const { sku } = view.random.pick(products.length > 0 ? products : [{} as Row]);
  if (isText(sku))
    filters.push({ query: `sku=${text(sku)}`, holds: (row) => lower(row.sku).trim() === lower(sku).trim() });
  return filters;
}

const isOfPackage = (row: Row, sought: string) =>
  lower(row.package_id).includes(sought) || lower(row.dutchie_inventory_id) === sought;

/** By what a product is: of a package, the product whose quantity has it. */
function ofOne(view: View, products: readonly Row[]): Filter[] {
  const one = view.random.pick(products.length > 0 ? products : [{} as Row]);
  const filters: Filter[] = [one.category, one.dutchie_category].filter(isText).map((value) => ({
    query: `category=${text(value)}`,
    holds: (row: Row) => row.category === value || row.dutchie_category === value,
  }));
  const { brand } = one;
  if (!isText(brand)) return filters;
  const holds = (row: Row) => lower(row.brand).trim() === lower(brand).trim();
  return [...filters, { query: `brand=${text(brand)}`, holds }];
}

function ofInventory(view: View, { products, inventory, low }: Given): Filter[] {
  const byId = new Map(products.map((row) => [row.product_id, row]));
  const shownOf = (row: Row): Row => byId.get(rootOf(byId.get(row.product_id))) ?? {};
  const filters: Filter[] = [
    ...ROOM_TYPES.map((type) => ({ query: `room_type=${type}`, holds: (row: Row) => row.room_type === type })),
    ...[true, false].map((active) => ({
      query: `active=${active}`,
      holds: (row: Row) => (shownOf(row).active ?? false) === active,
    })),
    { query: "low_stock=true", holds: (row) => row.quantity !== 0 && numberOf(row.available_quantity) <= low },
    ...ofOne(view, products).map(({ query, holds }) => ({ query, holds: (row: Row) => holds(shownOf(row)) })),
  ];
  for (const word of [wordIn(view, products), tagIn(view, inventory), idIn(view, inventory)]) {
    if (word === null) continue;
    filters.push({
      query: `search=${text(word)}`,
      holds: (row) => {
        const product = byId.get(row.product_id) ?? {};
        const texts = [product.product_name, product.brand, product.sku, product.upc, row.sku];
        const isIn = texts.some((value) => plain(String(value ?? "")).includes(word));
        return isIn || lower(product.dutchie_product_id) === word || isOfPackage(row, word);
      },
    });
  }
  const { product_id } = view.random.pick(products.length > 0 ? products : [{} as Row]);
  if (product_id !== undefined) {
    filters.push({
      query: `product_id=${text(product_id)}`,
      holds: (row) => row.product_id === product_id || byId.get(row.product_id)?.merged_into === product_id,
    });
  }
  return filters;
}

/** From a time on, and before one; the times are those of sales, so that borders count. */
function ofSales(view: View, sales: readonly Row[]): Filter[] {
  if (sales.length === 0) return [];
  const [from, to] = [view.random.pick(sales), view.random.pick(sales)].map((row) => String(row.completed_at));
  return [
    { query: `from=${from}`, holds: (row) => String(row.completed_at) >= String(from) },
    { query: `to=${to}`, holds: (row) => String(row.completed_at) < String(to) },
  ];
}

/** A word of a product's, in which each letter has one spelling. */
function wordIn(view: View, products: readonly Row[]): string | null {
  const texts = products.flatMap((row) => [row.product_name, row.brand, row.sku]);
  const words = texts.flatMap((each) => String(each ?? "").split(/\s+/)).filter((each) => /^[A-Za-z]{3,}$/.test(each));
  return words.length === 0 ? null : view.random.pick(words).toLowerCase();
}

/** A part of a package's tag that is no number, which could also be a UPC. */
function tagIn(view: View, inventory: readonly Row[]): string | null {
  const tags = inventory
    .map(({ package_id }) => lower(package_id))
    .filter((tag) => /[a-z]/.test(tag) && !/\s/.test(tag));
  return tags.length === 0 ? null : view.random.pick(tags);
}

function idIn(view: View, inventory: readonly Row[]): string | null {
  const ids = inventory.map((row) => lower(row.dutchie_inventory_id)).filter((id) => /^\d{3,7}$/.test(id));
  return ids.length === 0 ? null : view.random.pick(ids);
}
