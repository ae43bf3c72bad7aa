import { waitMs } from "../limits/wait.ts";
import type { IncomingProduct } from "../records/mapping.ts";
import {
  type Authority,
  type ProductContent,
  PUSH_FIELDS,
  type PushField,
  productFieldsBut,
  type Settings,
} from "../records/model.ts";
import type { FieldValue } from "../records/overrides.ts";
import type { ProductRow } from "../records/records.ts";
import type { DutchieErrorCode } from "../runs/failure.ts";
import { isRendition, isRespelt, type Rendition } from "./rendition.ts";

/**
 * An edit in ReUp on its way to Dutchie (rules 18 and 19). `conflict`: Dutchie changed the same field meanwhile, and a
 * person decides. `parked`: given up after repeated failures; a person may send it again.
 */
export const PUSH_STATES = ["waiting", "sending", "done", "parked", "conflict", "cancelled"] as const;
export type PushState = (typeof PUSH_STATES)[number];

/**
 * The value to write, and Dutchie's value when the edit was made (`base`). `tried`: what was sent since; Dutchie may have it, if
 * the answer got lost.
 */
interface PushEntry {
  value: FieldValue;
  base: FieldValue;
  tried?: readonly FieldValue[];
}
export type PushFields = Partial<Record<PushField, PushEntry>>;

export interface EditConflict {
  field: PushField;
  base: FieldValue;
  dutchie_value: FieldValue;
  reup_value: FieldValue;
}

export interface PushError {
  code: DutchieErrorCode;
  message: string;
  hint: string;
  retry_after_ms?: number;
  /** Rate limit hits (429) in a row: each wait is longer than the one before. */
  rate_limit_hits?: number;
}

export const isOpen = (state: PushState): boolean => state === "waiting" || state === "sending" || state === "parked";

export const pushEntries = (fields: PushFields): [PushField, PushEntry][] =>
  PUSH_FIELDS.flatMap((field) => {
    const entry = fields[field];
    return entry === undefined ? [] : [[field, entry] as [PushField, typeof entry]];
  });

/** The edit, as it is sent with these fields. */
export function asTried(edit: PushFields, sent: PushFields): PushFields {
  const tried = pushEntries(sent).map(([field, { value, base, tried = [] }]) => {
    const values = [...tried.filter((each) => each !== value), value].slice(-MAX_ATTEMPTS);
    return [field, { value, base, tried: values }] as const;
  });
  return { ...edit, ...Object.fromEntries(tried) };
}

/** Unsent edits of one product become one push: the last value, with the `base` of the first edit. */
export function coalesce(waiting: PushFields, edit: PushFields): PushFields {
  const fields: PushFields = { ...waiting };
  for (const [field, { value, base }] of pushEntries(edit)) {
    fields[field] = waiting[field] === undefined ? { value, base } : { ...waiting[field], value };
  }
  return fields;
}

export type PushDecision =
  /** Nothing is left to write: Dutchie has the edit's value, or its own rendition of it. */
  | { kind: "done"; kept: Rendition[] }
  | { kind: "send"; fields: PushFields }
  | { kind: "conflict"; conflicts: EditConflict[] };

/**
 * What to do with an edit after Dutchie was read again (F07: a value that changed meanwhile is not overwritten). `sent`: it
 * was written before, and the answer was lost. `written`: what earlier writes wrote to the product.
 */
export function decidePush(
  fields: PushFields,
  dutchie: Pick<ProductContent, PushField>,
  authority: Settings["field_authority"],
  ours: { sent: boolean; written: readonly Partial<ProductContent>[] } = { sent: false, written: [] },
): PushDecision {
  const kept = ours.sent ? renditions(fields, dutchie) : [];
  const open = pushEntries(fields).filter(
    ([field, { value }]) => dutchie[field] !== value && !kept.some((each) => each.field === field),
  );
  const isAsBefore = (field: PushField, { base, tried = [] }: PushEntry) =>
    dutchie[field] === base ||
    // Dutchie has its own rendition of what we wrote.
    (isRendition(field, base, dutchie[field]) && ours.written.some((each) => each[field] === base)) ||
    tried.some((each) => isRendition(field, each, dutchie[field]));
  const conflicts = open
    .filter(([field, entry]) => !isAsBefore(field, entry) && authorityOf(authority, field) !== "reup")
    .map(([field, { value, base }]) => ({ field, base, dutchie_value: dutchie[field], reup_value: value }));
  if (conflicts.length > 0) return { kind: "conflict", conflicts };
  if (open.length === 0) return { kind: "done", kept };
  return { kind: "send", fields: Object.fromEntries(open) };
}

/** Fields of which Dutchie stored its own rendition. A value that equals the one before the edit counts only if it is a respelling. */
export function renditions(fields: PushFields, stated: Partial<ProductContent>): Rendition[] {
  return pushEntries(fields).flatMap(([field, { value, base }]) => {
    const theirs = stated[field];
    if (theirs === undefined || theirs === value) return [];
    const isKept = theirs === base ? isRespelt(field, value, theirs) : isRendition(field, value, theirs);
    return isKept ? [{ field, wrote: value, kept: theirs }] : [];
  });
}

export const authorityOf = (authority: Settings["field_authority"], field: PushField): Authority =>
  authority[field] ?? "ask";

/** Fields on which ReUp decides: its value is written back when Dutchie changes it. */
export function keptFields(settings: Pick<Settings, "direction" | "field_authority">): PushField[] {
  if (settings.direction !== "bidirectional") return [];
  return PUSH_FIELDS.filter((field) => authorityOf(settings.field_authority, field) === "reup");
}

/** A write that Dutchie answered; times on Dutchie's clock, ms. */
export interface AnsweredWrite {
  /** What it wrote to Dutchie; null: that was not stored. */
  written: Partial<ProductContent> | null;
  fields: PushFields;
  /** The time of the state on which the write was based. */
  known_at: number | null;
  answered_at: number | null;
}

/**
 * The edits that a write of ours overwrote: Dutchie was edited after we had read the product and before our write arrived,
 * and its API cannot refuse such a write. `stated`: what a webhook says of the product at the time `at`. A value from any
 * of our own writes is an echo.
 */
export function overwritten(
  writes: readonly AnsweredWrite[],
  stated: Partial<ProductContent>,
  at: number,
): EditConflict[] {
  const write = writes.find(({ known_at, answered_at }) => (known_at ?? 0) < at && at <= (answered_at ?? 0));
  return PUSH_FIELDS.flatMap((field) => {
    const [ours, theirs] = [write?.written?.[field], stated[field]];
    if (ours === undefined || theirs === undefined) return [];
    if (writes.some((each) => isOurs(each, field, theirs))) return [];
    const base = write?.fields[field]?.base;
    // The value from before our edit: nobody else changed this field.
    if (theirs === base) return [];
    return [{ field, base: base ?? ours, dutchie_value: theirs, reup_value: ours }];
  });
}

/** Whether the value is from one of our writes, or Dutchie's rendition of it. */
const isOurs = ({ written, fields }: AnsweredWrite, field: PushField, stated: FieldValue): boolean =>
  [written?.[field], fields[field]?.value, ...(fields[field]?.tried ?? [])].some((ours) =>
    isRendition(field, ours, stated),
  );

/** Fields for which Dutchie has its own lists: another value in its answer is its translation of ours. */
const TRANSLATED: readonly PushField[] = ["category", "subcategory"];

/** Fields that a product's row must have. */
const STATED_FIELDS = productFieldsBut("dutchie_product_id", "status");

/**
 * Whether a row leaves out a known field, or differs although its stamp says that nothing changed. To write such a row back
 * as a whole would turn an error in one answer into Dutchie's data.
 */
export function contradicts(row: IncomingProduct, known: ProductRow): boolean {
  const { modified_at, content } = row;
  const isNewer =
    modified_at !== null &&
    (modified_at > known.source_at || (modified_at === known.source_at && known.source_rank === 0));
  if (!isNewer && contradictsStatement(row, known.stated)) return true;
  return STATED_FIELDS.some((field) => {
    if (content[field] === undefined) return known[field] !== null;
    return !isNewer && content[field] !== known[field];
  });
}

/** Fields that ReUp does not show but remembers, because others are computed from them. A whole write sends them, too. */
const HIDDEN = ["master_category", "unit_grams", "price", "rec_price", "med_price"] as const;

/** Whether the row has another value of a hidden field. A price for one kind of customer may follow the price of all. */
function contradictsStatement({ statement = {} }: IncomingProduct, stated: ProductRow["stated"]): boolean {
  return HIDDEN.some((field) => {
    const [now, before] = [statement[field], stated?.[field]];
    if (now === undefined || before === undefined || now === before) return false;
    return !(field.endsWith("_price") && now === statement.price);
  });
}

/** What the answer to a write says of its fields. `refused`: Dutchie reported success, but has another value. */
export function readAnswer(
  fields: PushFields,
  stated: Partial<ProductContent>,
): { kept: Rendition[]; refused: { field: PushField; value: FieldValue }[] } {
  const kept = renditions(fields, stated);
  const refused: { field: PushField; value: FieldValue }[] = [];
  for (const [field, { value, base }] of pushEntries(fields)) {
    const theirs = stated[field];
    if (theirs === undefined || theirs === value || kept.some((each) => each.field === field)) continue;
    if (theirs !== base && TRANSLATED.includes(field)) kept.push({ field, wrote: value, kept: theirs });
    else refused.push({ field, value: theirs });
  }
  return { kept, refused };
}

/** Errors that another attempt cannot solve: the server or the value has to change first. */
export const FINAL: ReadonlySet<DutchieErrorCode> = new Set(["NOT_WRITABLE", "REJECTED"]);
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 30_000;
/** The first wait for a rate limit, ms: Dutchie counts its limits by the minute. */
const FIRST_RATE_LIMIT_WAIT_MS = 60_000;

/** Rate limits in a row after which somebody hears of it: the waits double to an hour, so these take a day, or half a day longer. */
const MAX_RATE_LIMIT_HITS = 36;
const KEPT_WAITING =
  "Dutchie's limit has kept this edit waiting for a day. See whether another program uses the same API key. Then send the edit again, or make the change in Dutchie.";

/** The push after a failed attempt. A rate limit (429) makes it wait, for a day at most, and is no attempt. `next_at` null: parked. */
export function afterFailure(
  push: { attempts: number; error: PushError | null },
  error: PushError,
  now: number,
): { attempts: number; next_at: number | null; error: PushError } {
  const wait = (first_ms: number, repeats: number, asked_ms: number | null) =>
    now + waitMs({ asked_ms, first_ms, repeats, random: 1 });
  if (error.code === "RATE_LIMITED") {
    const rate_limit_hits = push.error?.code === "RATE_LIMITED" ? (push.error.rate_limit_hits ?? 0) : 0;
    // Sent again, it waits anew.
    if (rate_limit_hits >= MAX_RATE_LIMIT_HITS)
      return { attempts: push.attempts, next_at: null, error: { ...error, hint: KEPT_WAITING, rate_limit_hits: 0 } };
    const next_at = wait(FIRST_RATE_LIMIT_WAIT_MS, rate_limit_hits, error.retry_after_ms ?? null);
    return { attempts: push.attempts, next_at, error: { ...error, rate_limit_hits: rate_limit_hits + 1 } };
  }
  const attempts = push.attempts + 1;
  if (FINAL.has(error.code) || attempts >= MAX_ATTEMPTS) return { attempts, next_at: null, error };
  return { attempts, next_at: wait(FIRST_WAIT_MS, push.attempts, null), error };
}
