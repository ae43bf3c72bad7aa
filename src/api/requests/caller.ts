import type { Role } from "../../domain/rights.ts";

/** The caller, by the token. */
export interface Caller {
  subject: string;
  retailer_id: string;
  /** null: the token has no role that we know, so it may do nothing. */
  role: Role | null;
  /** null: all stores of the retailer. */
  location_ids: ReadonlySet<string> | null;
  /** When the token ends, ms. */
  expires_at: number;
}
