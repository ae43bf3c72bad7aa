import { and, eq, sql } from "drizzle-orm";
import type { Seen } from "../../simulator/oracle/verdict.ts";
import { type AccountsDb, accountsDb, type Placed, type RecordsDb, recordsDb } from "../../src/db/databases.ts";
import { prepared } from "../../src/db/prepared.ts";
import { alerts } from "../../src/db/schema/accounts.ts";
import { inventory, products, reviews, sales } from "../../src/db/schema/records.ts";
import { iso } from "../../src/domain/values/iso.ts";

/**
 * What the API's lists show of a store, straight from the databases: the verdict asks for it after each step, which over
 * HTTP would take longer than the step.
 */
export async function shownBy(env: Env, store: Placed): Promise<Seen> {
  const [records, accounts, { location_id }] = [recordsDb(env, store), accountsDb(env), store];
  const [shownProducts, shownInventory, shownSales, openReviews, firingAlerts] = await Promise.all([
    productsOf(records).all({ location_id }),
    inventoryOf(records).all({ location_id }),
    salesOf(records).all({ location_id }),
    reviewsOf(records).all({ location_id }),
    alertsOf(accounts).all({ location_id }),
  ]);
  return {
    products: shownProducts,
    inventory: shownInventory,
    sales: shownSales.map((row) => ({ ...row, completed_at: iso(row.completed_at) })),
    notices: [...openReviews, ...firingAlerts].map((row) => JSON.stringify(row)),
  };
}

const location_id = sql.placeholder("location_id");

const productsOf = prepared((db: RecordsDb) =>
  db
    .select({
      product_id: products.product_id,
      merged_into: products.merged_into,
      dutchie_product_id: products.dutchie_product_id,
      sku: products.sku,
      upc: products.upc,
      product_name: products.product_name,
      brand: products.brand,
      unit_price: products.unit_price,
      status: products.status,
    })
    .from(products)
    .where(eq(products.location_id, location_id))
    .prepare(),
);

const inventoryOf = prepared((db: RecordsDb) =>
  db
    .select({
      dutchie_inventory_id: inventory.dutchie_inventory_id,
      quantity: inventory.quantity,
      package_id: inventory.package_id,
      unit_cost: inventory.unit_cost,
      unit_price: inventory.unit_price,
    })
    .from(inventory)
    .where(eq(inventory.location_id, location_id))
    .prepare(),
);

const salesOf = prepared((db: RecordsDb) =>
  db
    .select({
      dutchie_transaction_id: sales.dutchie_transaction_id,
      completed_at: sales.completed_at,
      type: sales.type,
      subtotal: sales.subtotal,
      discount: sales.discount,
      tax: sales.tax,
      total: sales.total,
      is_void: sales.is_void,
      is_return: sales.is_return,
      item_count: sales.item_count,
    })
    .from(sales)
    .where(eq(sales.location_id, location_id))
    .prepare(),
);

const reviewsOf = prepared((db: RecordsDb) =>
  db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.state, "open")))
    .prepare(),
);

const alertsOf = prepared((db: AccountsDb) =>
  db
    .select()
    .from(alerts)
    .where(and(eq(alerts.location_id, location_id), eq(alerts.state, "firing")))
    .prepare(),
);
