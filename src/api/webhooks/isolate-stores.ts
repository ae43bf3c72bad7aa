import { type AccountsDb, accountsDb } from "../../db/databases.ts";
import { findLocation } from "../../db/locations.ts";
import { parseConfig } from "../../env.ts";
import { type KnownStore, KnownStores } from "./known-stores.ts";
import { storeKeys } from "./secrets.ts";

const byDatabase = new WeakMap<AccountsDb, KnownStores>();

/** The stores that this isolate knows. */
export function knownStores(env: Env): KnownStores {
  const db = accountsDb(env);
  const known = byDatabase.get(db) ?? new KnownStores((location_id) => readStore(env, location_id));
  byDatabase.set(db, known);
  return known;
}

async function readStore(env: Env, location_id: string): Promise<KnownStore | null> {
  const row = await findLocation(accountsDb(env), location_id);
  if (row === null || row.deleted_at !== null) return null;
  const keys = await storeKeys(parseConfig(env), row);
  return { keys, keepsCustomers: row.settings.data_types.customers };
}
