import type { Api } from "./api.ts";

/**
 * Compares what ReUp shows with what the simulated Dutchie truly contains, record by record and field by field. It uses only
 * the API and the oracle, and shares no code with the Worker.
 */
type Row = Record<string, unknown>;

export type Oracle = Partial<Record<"products" | "inventory" | "sales", readonly object[]>>;

export interface Accuracy {
  compared: number;
  matching: number;
  /** The first hundred differences, for people. */
  differences: string[];
}

const FIELDS = {
  products: [
    "sku",
    "upc",
    "product_name",
    "brand",
    "dutchie_category",
    "strain_type",
    "thc_percentage",
    "cbd_percentage",
    "thc_mg",
    "cbd_mg",
    "unit_price",
    "status",
  ],
  inventory: ["quantity", "room_name", "sku", "package_id", "unit_cost", "unit_price"],
  sales: [
    "completed_at",
    "type",
    "subtotal",
    "discount",
    "tax",
    "total",
    "is_void",
    "is_return",
    "return_of",
    "item_count",
  ],
  items: ["quantity", "unit_price", "unit_cost", "discount", "total"],
} as const;

export async function compareWithOracle(api: Api, location_id: string, oracle: Oracle): Promise<Accuracy> {
  const base = `/v1/locations/${location_id}`;
  const products = (await api.all<Row>(`${base}/products?include_merged=true`)).filter(
    (row) => row.status !== "deleted",
  );
  const inventory = (await api.all<Row>(`${base}/inventory`)).filter((row) => row.quantity !== 0);
  const sales = await api.all<Row>(`${base}/sales`);
  const truth = (name: keyof Oracle) => (oracle[name] ?? []) as Row[];
  const result: Accuracy = { compared: 0, matching: 0, differences: [] };
  // The oracle knows Dutchie's words only.
  const inReUpsFields = truth("products").map((row) => ({
    ...row,
    dutchie_category: row.category,
    strain_type: row.subcategory,
  }));
  compareSets(result, inReUpsFields, products, {
    name: "product",
    keyOf: (row) => `${row.dutchie_product_id}`,
    fields: FIELDS.products,
  });
  compareSets(result, truth("inventory"), inventory, {
    name: "package",
    keyOf: (row) => `${row.dutchie_inventory_id} in ${String(row.room_name).trim()}`,
    fields: FIELDS.inventory,
  });
  compareSets(result, truth("sales"), sales, {
    name: "sale",
    keyOf: (row) => `${row.dutchie_transaction_id}`,
    fields: FIELDS.sales,
  });
  const found = new Map(sales.map((row) => [row.dutchie_transaction_id, row]));
  const byPrice = (row: Row) => FIELDS.items.map((field) => text(row[field])).join(" ");
  for (const sale of truth("sales")) {
    const expected = (sale.items as Row[]).map(byPrice).sort().join(" | ");
    const actual = ((found.get(sale.dutchie_transaction_id)?.items ?? []) as Row[]).map(byPrice).sort().join(" | ");
    note(result, expected === actual, `sale ${sale.dutchie_transaction_id} lines: Dutchie ${expected}, ReUp ${actual}`);
  }
  return result;
}

function compareSets(
  result: Accuracy,
  expected: Row[],
  actual: Row[],
  { name, keyOf, fields }: { name: string; keyOf: (row: Row) => string; fields: readonly string[] },
): void {
  const left = new Map(actual.map((row) => [keyOf(row), row]));
  for (const row of expected) {
    const key = keyOf(row);
    const other = left.get(key);
    left.delete(key);
    const wrong =
      other === undefined ? ["missing in ReUp"] : fields.flatMap((field) => differ(field, row[field], other[field]));
    note(result, wrong.length === 0, `${name} ${key}: ${wrong.join("; ")}`);
  }
  for (const key of left.keys()) note(result, false, `${name} ${key}: not in Dutchie`);
}

function differ(field: string, expected: unknown, actual: unknown): string[] {
  return text(expected) === text(actual) ? [] : [`${field} is ${text(expected)} in Dutchie, ${text(actual)} in ReUp`];
}

/** Numbers with the 4 decimals that ReUp stores, times as instants. */
function text(value: unknown): string {
  if (typeof value === "number") return String(Math.round(value * 10_000) / 10_000);
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toISOString();
  return String(value ?? null);
}

function note(result: Accuracy, ok: boolean, difference: string): void {
  result.compared += 1;
  if (ok) result.matching += 1;
  else if (result.differences.length < 100) result.differences.push(difference);
}
