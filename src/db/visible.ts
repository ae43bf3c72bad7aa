import { and, eq, type SQL } from "drizzle-orm";
import { inList } from "./bulk.ts";
import type { Visible } from "./locations.ts";
import type { alerts, deadLetters, settledItems } from "./schema/accounts.ts";

/** The rows of a table across stores that a caller may see. */
export function visibleTo(
  table: typeof alerts | typeof deadLetters | typeof settledItems,
  who: Visible,
): SQL | undefined {
  const named = who.location_ids === null ? undefined : inList(table.location_id, who.location_ids);
  return and(eq(table.retailer_id, who.retailer_id), named);
}
