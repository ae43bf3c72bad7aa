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
import { waitMs } from "../runs/wait.ts";
import { isRendition, isRespelt, type Rendition } from "./rendition.ts";

/**
 * An edit made in ReUp on its way to Dutchie (rules 18 and 19). `conflict`: Dutchie changed the same field meanwhile
 * and a person decides. `parked`: given up after repeated failures; a person may send it again.
 */
export const PUSH_STATES = ["waiting", "sending", "done", "parked", "conflict", "cancelled"] as const;
export type PushState = (typeof PUSH_STATES)[number];

/** The value to write, and what Dutchie said when the edit was made: the edit holds against that. */
export type PushFields = Partial<Record<PushField, { value: FieldValue; base: FieldValue }>>;

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
  /** Walls (429) in a row: each wait is longer than the one before. */
  walls?: number;
}

export const isOpen = (state: PushState): boolean => state === "waiting" || state === "sending" || state === "parked";

export const pushEntries = (fields: PushFields): [PushField, { value: FieldValue; base: FieldValue }][] =>
  PUSH_FIELDS.flatMap((field) => {
    const entry = fields[field];
    return entry === undefined ? [] : [[field, entry] as [PushField, typeof entry]];
  });

/** Edits of one product that were not sent yet are one push: the last value, against what the first one found. */
export function coalesce(waiting: PushFields, edit: PushFields): PushFields {
  const fields: PushFields = { ...waiting };
  for (const [field, { value, base }] of pushEntries(edit)) {
    fields[field] = { value, base: waiting[field]?.base ?? base };
  }
  return fields;
}

export type PushDecision =
  /** Nothing is left to write: Dutchie says what the edit says, or what it made of it. */
  | { kind: "done"; kept: Rendition[] }
  | { kind: "send"; fields: PushFields }
  | { kind: "conflict"; conflicts: EditConflict[] };

/**
 * What is to be done with an edit now that Dutchie was read again (F07: a value that changed meanwhile is not written over).
 * `sent`: it was written before, and the answer got lost. `written`: what earlier writes left in the product.
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
  const isAsBefore = (field: PushField, base: FieldValue) =>
    dutchie[field] === base ||
    // What we wrote is what Dutchie now has, in its own words.
    (isRendition(field, base, dutchie[field]) && ours.written.some((each) => each[field] === base));
  const conflicts = open
    .filter(([field, { base }]) => !isAsBefore(field, base) && authorityOf(authority, field) !== "reup")
    .map(([field, { value, base }]) => ({ field, base, dutchie_value: dutchie[field], reup_value: value }));
  if (conflicts.length > 0) return { kind: "conflict", conflicts };
  if (open.length === 0) return { kind: "done", kept };
  return { kind: "send", fields: Object.fromEntries(open) };
}

/** Fields of a write that Dutchie keeps in its own words. What it says as before the edit may just as well be ignored. */
export function renditions(fields: PushFields, told: Partial<ProductContent>): Rendition[] {
  return pushEntries(fields).flatMap(([field, { value, base }]) => {
    const theirs = told[field];
    if (theirs === undefined || theirs === value) return [];
    const isKept = theirs === base ? isRespelt(field, value, theirs) : isRendition(field, value, theirs);
    return isKept ? [{ field, wrote: value, kept: theirs }] : [];
  });
}

export const authorityOf = (authority: Settings["field_authority"], field: PushField): Authority =>
  authority[field] ?? "ask";

/** Fields whose value in ReUp stands against Dutchie's changes. */
export function keptFields(settings: Pick<Settings, "direction" | "field_authority">): PushField[] {
  if (settings.direction !== "bidirectional") return [];
  return PUSH_FIELDS.filter((field) => authorityOf(settings.field_authority, field) === "reup");
}

/** One write that was answered; times on Dutchie's clock, ms. */
export interface AnsweredWrite {
  /** What it left in Dutchie; null: it was not kept. */
  written: Partial<ProductContent> | null;
  fields: PushFields;
  /** What time the state was of that it rested on. */
  known_at: number | null;
  answered_at: number | null;
}

/**
 * What a write did that it should not have: Dutchie was edited after the state we had read and before our write came,
 * and nothing in its API could have refused us. `told` is what a webhook says of the product at the time `at`; what any
 * of our writes said is an echo.
 */
export function overwritten(
  writes: readonly AnsweredWrite[],
  told: Partial<ProductContent>,
  at: number,
): EditConflict[] {
  const write = writes.find(({ known_at, answered_at }) => (known_at ?? 0) < at && at <= (answered_at ?? 0));
  return PUSH_FIELDS.flatMap((field) => {
    const [ours, theirs] = [write?.written?.[field], told[field]];
    if (ours === undefined || theirs === undefined) return [];
    if (writes.some((each) => isOurs(each, field, theirs))) return [];
    const base = write?.fields[field]?.base;
    // As it was before our edit: nobody else touched this field.
    if (theirs === base) return [];
    return [{ field, base: base ?? ours, dutchie_value: theirs, reup_value: ours }];
  });
}

/** Is it what one of our writes said, or what Dutchie made of it? */
const isOurs = ({ written, fields }: AnsweredWrite, field: PushField, told: FieldValue): boolean =>
  isRendition(field, written?.[field], told) || isRendition(field, fields[field]?.value, told);

/** Fields whose values Dutchie takes from lists or from elsewhere: another value in its answer is its translation of ours. */
const TRANSLATED: readonly PushField[] = ["category", "subcategory"];

/** Fields of a product that an answer tells whole. */
const STATED_FIELDS = productFieldsBut("dutchie_product_id", "status");

/**
 * Whether a row leaves out what is known of a product, or says something else though by its own stamp nothing changed
 * since. A whole write from such a row would make a mistake of an answer Dutchie's own.
 */
export function contradicts(row: IncomingProduct, known: ProductRow): boolean {
  const { modified_at, content } = row;
  const isNewer =
    modified_at !== null &&
    (modified_at > known.source_at || (modified_at === known.source_at && known.source_rank === 0));
  return STATED_FIELDS.some((field) => {
    if (content[field] === undefined) return known[field] !== null;
    return !isNewer && content[field] !== known[field];
  });
}

/** What the answer to a write says of its fields. `refused`: Dutchie answered that all was well, and has something else. */
export function readAnswer(
  fields: PushFields,
  told: Partial<ProductContent>,
): { kept: Rendition[]; refused: { field: PushField; told: FieldValue }[] } {
  const kept = renditions(fields, told);
  const refused: { field: PushField; told: FieldValue }[] = [];
  for (const [field, { value, base }] of pushEntries(fields)) {
    const theirs = told[field];
    if (theirs === undefined || theirs === value || kept.some((each) => each.field === field)) continue;
    if (theirs !== base && TRANSLATED.includes(field)) kept.push({ field, wrote: value, kept: theirs });
    else refused.push({ field, told: theirs });
  }
  return { kept, refused };
}

/** Trying again cannot help: the server or the value must change first. */
const FINAL: ReadonlySet<DutchieErrorCode> = new Set(["NOT_WRITABLE", "REJECTED"]);
const MAX_ATTEMPTS = 10;
const FIRST_WAIT_MS = 30_000;
/** Dutchie counts its limits by the minute. */
const FIRST_RATE_LIMIT_WAIT_MS = 60_000;

/** After a failed attempt. A wall (429) is waited for and is no attempt. `next_at` null: parked. */
export function afterFailure(
  push: { attempts: number; error: PushError | null },
  error: PushError,
  now: number,
): { attempts: number; next_at: number | null; error: PushError } {
  const wait = (first_ms: number, repeats: number, asked_ms: number | null) =>
    now + waitMs({ asked_ms, first_ms, repeats, random: 1 });
  if (error.code === "RATE_LIMITED") {
    const walls = push.error?.code === "RATE_LIMITED" ? (push.error.walls ?? 0) : 0;
    const next_at = wait(FIRST_RATE_LIMIT_WAIT_MS, walls, error.retry_after_ms ?? null);
    return { attempts: push.attempts, next_at, error: { ...error, walls: walls + 1 } };
  }
  const attempts = push.attempts + 1;
  if (FINAL.has(error.code) || attempts >= MAX_ATTEMPTS) return { attempts, next_at: null, error };
  return { attempts, next_at: wait(FIRST_WAIT_MS, push.attempts, null), error };
}
