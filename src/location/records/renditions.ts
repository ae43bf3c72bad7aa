import { renditions } from "../../domain/pushes/push.ts";
import { renditionText } from "../../domain/pushes/rendition.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import type { ProductContent } from "../../domain/records/model.ts";
import type { Outbox, Push } from "../storage/outbox.ts";

/** The values that ReUp has written to Dutchie, by product. */
export function writtenOf(pushes: readonly Push[]): Map<string, Partial<ProductContent>[]> {
  const written = new Map<string, Partial<ProductContent>[]>();
  for (const push of pushes) {
    if (push.written !== null) written.set(push.product_id, [...(written.get(push.product_id) ?? []), push.written]);
  }
  return written;
}

/**
 * When Dutchie's answer to a write did not show what it made of the values, its next row does: the push's reason says so
 * (F69).
 */
export function noteKept(
  outbox: Pick<Outbox, "put">,
  answered: readonly Push[],
  rows: readonly IncomingProduct[],
  now: number,
): void {
  for (const row of rows) {
    const push = answered.find(({ dutchie_product_id }) => dutchie_product_id === row.dutchie_product_id);
    if (push?.state !== "done" || push.reason !== null) continue;
    const kept = renditions(push.fields, row.content);
    if (kept.length > 0) outbox.put({ ...push, reason: renditionText(kept), updated_at: now });
  }
}
