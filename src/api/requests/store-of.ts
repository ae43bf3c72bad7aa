import { accountsDb } from "../../db/databases.ts";
import { findLocation, type LocationRow } from "../../db/locations.ts";
import { notFound } from "../errors.ts";
import type { AppContext } from "./context.ts";

/**
 * The store of the path, if the caller may see it. Otherwise 404, whether it is another retailer's, outside the token's
 * `location_ids`, disconnected or unknown: nobody can find out ids.
 */
export async function storeOf(c: AppContext, location_id: string): Promise<LocationRow> {
  const row = await storeEvenDeleted(c, location_id);
  if (row.deleted_at !== null) throw notFound("location");
  return row;
}

export async function storeEvenDeleted(c: AppContext, location_id: string): Promise<LocationRow> {
  const { caller } = c.var;
  const allowed = caller.location_ids === null || caller.location_ids.has(location_id);
  const row = allowed ? await findLocation(accountsDb(c.env), location_id) : null;
  if (row === null || row.retailer_id !== caller.retailer_id) throw notFound("location");
  return row;
}
