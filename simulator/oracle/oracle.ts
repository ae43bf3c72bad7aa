import { round4 } from "../random.ts";
import { iso } from "../time.ts";
import { expectedPotency, unitGrams } from "../world/potency.ts";
import type { Product, Sale } from "../world/records.ts";
import type { World } from "../world/world.ts";

/** What ReUp should contain, taken from the world itself and not from what endpoints show. */
export interface OracleProduct {
  dutchie_product_id: string;
  sku: string | null;
  upc: string | null;
  product_name: string | null;
  brand: string | null;
  category: string | null;
  subcategory: string | null;
  thc_percentage: number | null;
  cbd_percentage: number | null;
  thc_mg: number | null;
  cbd_mg: number | null;
  unit_price: number | null;
  unit_cost: number | null;
  status: "active" | "inactive";
}

export interface OracleInventory {
  dutchie_inventory_id: string;
  dutchie_product_id: string;
  room_name: string;
  quantity: number;
  package_id: string | null;
  sku: string | null;
  unit_cost: number | null;
  unit_price: number | null;
}

export interface OracleSale {
  dutchie_transaction_id: string;
  completed_at: string;
  type: string;
  subtotal: number;
  discount: number;
  tax: number;
  total: number;
  is_void: boolean;
  is_return: boolean;
  return_of: string | null;
  /** null: anonymous. */
  dutchie_customer_id: string | null;
  item_count: number;
  items: {
    line_id: string;
    dutchie_product_id: string;
    quantity: number;
    unit_price: number;
    unit_cost: number | null;
    discount: number;
    total: number;
    is_returned: boolean;
  }[];
}

interface DuplicateSku {
  sku: string;
  product_ids: string[];
  /** Brand, name and category agree after normalising: ReUp must merge them. Otherwise it must ask. */
  agree: boolean;
}

export interface Oracle {
  at: string;
  products?: OracleProduct[];
  inventory?: OracleInventory[];
  sales?: OracleSale[];
  duplicate_skus: DuplicateSku[];
}

export const ORACLE_RESOURCES = ["products", "inventory", "sales"] as const;
export type OracleResource = (typeof ORACLE_RESOURCES)[number];

export function oracle(world: World, resources: readonly OracleResource[] = ORACLE_RESOURCES): Oracle {
  return {
    at: iso(world.now()),
    ...(resources.includes("products") ? { products: [...world.products.values()].map(productTruth) } : {}),
    ...(resources.includes("inventory") ? { inventory: inventoryTruth(world) } : {}),
    ...(resources.includes("sales") ? { sales: [...world.sales.values()].map(saleTruth) } : {}),
    duplicate_skus: duplicateSkus([...world.products.values()]),
  };
}

function productTruth(product: Product): OracleProduct {
  const grams = unitGrams(product.netWeight, product.netWeightUnit);
  const thc = expectedPotency(product.thc, grams);
  const cbd = expectedPotency(product.cbd, grams);
  return {
    dutchie_product_id: String(product.id),
    sku: tidy(product.sku),
    upc: tidy(product.upc),
    product_name: tidy(product.name),
    brand: tidy(product.brand),
    category: tidy(product.category),
    subcategory: tidy(product.strainType),
    thc_percentage: thc.percentage,
    cbd_percentage: cbd.percentage,
    thc_mg: thc.mg,
    cbd_mg: cbd.mg,
    // A product without a price costs what adults pay.
    unit_price: rounded(product.price ?? product.recPrice),
    unit_cost: rounded(product.unitCost),
    status: product.isActive ? "active" : "inactive",
  };
}

function inventoryTruth(world: World): OracleInventory[] {
  return [...world.packages.values()].flatMap((item) => {
    const sku = tidy(world.productOf(item.productId)?.sku ?? null);
    return item.rooms.map((stock) => ({
      dutchie_inventory_id: String(item.id),
      dutchie_product_id: String(item.productId),
      room_name: world.room(stock.roomId)?.name.trim() ?? "",
      quantity: stock.quantity,
      package_id: tidy(item.packageId),
      sku,
      unit_cost: rounded(item.unitCost),
      unit_price: rounded(item.unitPrice),
    }));
  });
}

function saleTruth(sale: Sale): OracleSale {
  return {
    dutchie_transaction_id: String(sale.id),
    completed_at: iso(sale.at),
    type: sale.type.toLowerCase(),
    subtotal: sale.subtotal,
    discount: sale.discount,
    tax: sale.tax,
    total: sale.total,
    is_void: sale.isVoid,
    is_return: sale.isReturn,
    return_of: sale.returnOf === null ? null : String(sale.returnOf),
    dutchie_customer_id: sale.customerId === 0 ? null : String(sale.customerId),
    item_count: sale.lines.length,
    items: sale.lines.map((line) => ({
      line_id: String(line.id),
      dutchie_product_id: String(line.productId),
      quantity: round4(line.quantity),
      unit_price: round4(line.unitPrice),
      unit_cost: rounded(line.unitCost),
      discount: round4(line.discount),
      total: round4(line.total),
      is_returned: line.isReturned,
    })),
  };
}

function duplicateSkus(products: Product[]): DuplicateSku[] {
  const bySku = new Map<string, Product[]>();
  for (const product of products) {
    const sku = tidy(product.sku);
    if (sku === null) continue;
    const same = bySku.get(sku);
    if (same === undefined) bySku.set(sku, [product]);
    else same.push(product);
  }
  return [...bySku]
    .filter(([, same]) => same.length > 1)
    .map(([sku, same]) => ({
      sku,
      product_ids: same.map((product) => String(product.id)),
      agree: new Set(same.map(identity)).size === 1,
    }));
}

/** Two products are the same if they differ only in case, blanks and the plural of the category. */
function identity(product: Product): string {
  const plain = (text: string | null) => (tidy(text) ?? "").toLowerCase().replace(/\s+/g, " ");
  return [plain(product.brand), plain(product.name), plain(product.category).replace(/s$/, "")].join("|");
}

/** A text as people read it: without blanks at its ends, its signs of HTML read once. */
function tidy(text: string | null): string | null {
  const read = (text ?? "").replace(/&(?:amp|lt|gt|quot|#39);/g, (sign) => HTML_SIGNS[sign] ?? sign).trim();
  return read === "" ? null : read;
}

const HTML_SIGNS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

const rounded = (value: number | null): number | null => (value === null ? null : round4(value));
