import { MAX_ID } from "../../domain/bounds.ts";
import type { Decider } from "../../domain/records/change.ts";
import { NO_PERSON } from "../../domain/reviews/review.ts";
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

/** Who decides, as the token says: a token without a subject is known by its role. */
export function deciderOf({ subject, role }: Caller, reason: string | undefined): Decider {
  const by = subject === "" ? (role ?? "") : subject.slice(0, MAX_ID);
  return { by: NO_PERSON.includes(by) ? `user ${by}` : by, reason: reason || null };
}
