export const ROLES = ["viewer", "manager", "admin"] as const;
export type Role = (typeof ROLES)[number];

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
