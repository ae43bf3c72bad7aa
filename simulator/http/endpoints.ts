import type { Profile } from "../options.ts";
import type { LimitClass } from "./limits.ts";

export interface Endpoint {
  profile: Profile;
  limit: LimitClass | null;
  /** Role the key needs; null: any key; "open": no key at all. */
  role: string | null;
}

export const OPEN = "open";

/** All of Dutchie's endpoints, by method and path. */
const ENDPOINTS: Record<string, Endpoint> = {
  "GET /reporting/products": { profile: "pos", limit: "reporting", role: "Reporting" },
  "GET /reporting/inventory": { profile: "pos", limit: "reporting", role: "Reporting" },
  "GET /reporting/transactions": { profile: "pos", limit: "reporting", role: "Reporting" },
  "GET /room/rooms": { profile: "pos", limit: "standard", role: "Room" },
  "GET /whoami": { profile: "pos", limit: "inventory", role: null },
  "GET /okcomputer": { profile: "pos", limit: null, role: OPEN },
  "GET /products/location-overrides": { profile: "pos", limit: "standard", role: "Inventory" },
  "POST /products/location-overrides": { profile: "pos", limit: "bulk", role: "Inventory" },
  "POST /products/product": { profile: "pos", limit: "standard", role: "Inventory" },
  "POST /products/products": { profile: "pos", limit: "bulk", role: "Inventory" },
  "GET /products": { profile: "guide", limit: "standard", role: "Products" },
  "PATCH /products/:id": { profile: "guide", limit: "standard", role: "Inventory" },
  "GET /inventory": { profile: "guide", limit: "inventory", role: "Inventory" },
  "GET /transactions": { profile: "guide", limit: "standard", role: "Reporting" },
  "GET /rooms": { profile: "guide", limit: "standard", role: "Room" },
};

export function endpointOf(method: string, path: string): Endpoint | undefined {
  return ENDPOINTS[`${method} ${templateOf(path)}`];
}

/** The path with `:id` in place of an id, because calls are counted by endpoint. */
export function templateOf(path: string): string {
  return path.replace(/^\/products\/\d+$/, "/products/:id");
}
