import { accountsDb } from "../../db/databases.ts";
import { findLocation, type LocationRow, type Visible } from "../../db/locations.ts";
import { isWithin } from "../../domain/clock.ts";
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

/** The stores of a list across stores: all that the caller may see, or the one that is asked for. 404 for another. */
export async function storesAsked(c: AppContext, location_id: string | undefined): Promise<Visible> {
  const { retailer_id, location_ids } = c.var.caller;
  if (location_id === undefined) return { retailer_id, location_ids };
  // A disconnected store has nothing left that waits, which is no reason to say that it never was.
  await storeEvenDeleted(c, location_id);
  return { retailer_id, location_ids: new Set([location_id]) };
}

/** How long an isolate remembers whose a store is, ms. It never changes; a store that was purged meanwhile has no status. */
const OWNER_KEPT_MS = 10_000;
/** Stores of which an isolate remembers that: some 200 bytes each. */
const MAX_OWNERS = 5_000;
const owners = new WeakMap<D1Database, Map<string, { retailer_id: string; read_at: number }>>();

/**
 * Answers 404 like `storeOf`, for what is asked every few seconds: without D1, if this isolate has answered for the store
 * lately. The caller must see for itself whether the store was disconnected since.
 */
export async function checkStore(c: AppContext, location_id: string): Promise<void> {
  const known = owners.get(c.env.DB) ?? new Map<string, { retailer_id: string; read_at: number }>();
  owners.set(c.env.DB, known);
  const { caller } = c.var;
  const owner = known.get(location_id);
  const isAllowed = caller.location_ids === null || caller.location_ids.has(location_id);
  if (isAllowed && owner?.retailer_id === caller.retailer_id && isWithin(owner.read_at, OWNER_KEPT_MS, Date.now()))
    return;
  known.delete(location_id);
  const { retailer_id } = await storeOf(c, location_id);
  if (known.size >= MAX_OWNERS) known.clear();
  known.set(location_id, { retailer_id, read_at: Date.now() });
}

export async function storeEvenDeleted(c: AppContext, location_id: string): Promise<LocationRow> {
  const { caller } = c.var;
  const allowed = caller.location_ids === null || caller.location_ids.has(location_id);
  const row = allowed ? await findLocation(accountsDb(c.env), location_id) : null;
  if (row === null || row.retailer_id !== caller.retailer_id) throw notFound("location");
  return row;
}
