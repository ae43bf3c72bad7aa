import { ApiError } from "../errors.ts";
import type { AppContext } from "./context.ts";

/** The caller's retailer, for what concerns all its stores. A token for some stores is 403; `what`: what it cannot do. */
export function retailerOf(c: AppContext, what: string): string {
  const { retailer_id, location_ids } = c.var.caller;
  if (location_ids === null) return retailer_id;
  throw new ApiError("FORBIDDEN", `This token is limited to some stores, so it cannot ${what}.`);
}
