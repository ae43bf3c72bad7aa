export const ROLES = ["viewer", "manager", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who calls, as the token says. */
export interface Caller {
  subject: string;
  retailer_id: string;
  /** null: a token without a role that we know; it may do nothing. */
  role: Role | null;
  /** null: all stores of the retailer. */
  location_ids: ReadonlySet<string> | null;
  /** When the token ends, ms. */
  expires_at: number;
}
