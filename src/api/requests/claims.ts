import { z } from "zod";
import { MAX_ID } from "../../domain/bounds.ts";
import { roleOf } from "../../domain/rights.ts";

const id = z.string().min(1).max(MAX_ID);

const claims = z
  .object({
    sub: z.string().optional(),
    retailer_id: id.optional(),
    /** ReUp's word for the retailer. */
    entity_id: id.optional(),
    role: z.unknown().optional(),
    permissions: z.unknown().optional(),
    location_ids: z.array(z.string()).optional(),
  })
  // A token that names two retailers is of neither.
  .refine(({ retailer_id, entity_id }) => new Set([retailer_id, entity_id].filter(Boolean)).size === 1);

/** What a token says of its holder; null: nothing that can be believed. */
export function readClaims(payload: unknown) {
  const parsed = claims.safeParse(payload);
  if (!parsed.success) return null;
  const { sub = "", retailer_id, entity_id, role, permissions, location_ids } = parsed.data;
  return {
    subject: sub,
    retailer_id: retailer_id ?? entity_id ?? "",
    role: roleOf({ role, permissions }),
    location_ids: location_ids === undefined ? null : new Set(location_ids),
  };
}
