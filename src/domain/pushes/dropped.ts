import type { ProductContent } from "../records/model.ts";
import type { Read } from "../records/version.ts";
import { type AnsweredWrite, type EditConflict, pushEntries, renditions } from "./push.ts";

/** What a read shows of a product that we wrote, as Dutchie has it: before the read, and after it. */
interface Shown {
  read: Read;
  modified_at: number | null;
  was: Partial<ProductContent>;
  is: Partial<ProductContent>;
}

/**
 * The fields of a write that Dutchie answered without an error and did not save: it does so even when it saves only some of its
 * products. A later list then shows the value from before the edit, with no later change of the product.
 */
export function droppedFields(
  { fields, known_at, answered_at }: Omit<AnsweredWrite, "written">,
  { read, modified_at, was, is }: Shown,
): EditConflict[] {
  // An event, or a list that may be older than the write, shows nothing. A later stamp is somebody's edit in Dutchie.
  const isLater = read.kind !== "event" && answered_at !== null && read.as_of > answered_at;
  if (!isLater || (modified_at ?? 0) > (known_at ?? 0)) return [];
  const kept = new Set(renditions(fields, is).map(({ field }) => field));
  return pushEntries(fields).flatMap(([field, { value, base }]) =>
    was[field] !== is[field] && is[field] === base && base !== value && !kept.has(field)
      ? [{ field, base, dutchie_value: base, reup_value: value }]
      : [],
  );
}
