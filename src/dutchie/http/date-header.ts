import { MAX_DATE_HEADER, MIN_SKEW_MS } from "../../domain/bounds.ts";
import type { ClockReading } from "../../domain/clock.ts";
import { parseStamp } from "../decode/stamp.ts";

/** A Date header says the second that has begun, ms. */
const HEADER_STEP_MS = 1_000;
/** `Sun, 06 Nov 1994 08:49:37 GMT`, and the older `Sunday, 06-Nov-94 08:49:37 GMT`. */
const WITH_ZONE = /^[A-Za-z]{3,9}, \d{1,2}[ -][A-Za-z]{3}[ -]\d{2,4} \d{2}:\d{2}:\d{2} GMT$/;
/** `Sun Nov  6 08:49:37 1994`, which means GMT. */
const ASCTIME = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Dutchie's clock minus ours, ms, from the Date header of an answer; `asked_at` and `answered_at` are on our clock. The header
 * has whole seconds, and was written some time between the two. A difference that this explains is 0, so that clocks that agree
 * always read the same; T is then too late by at most the time that the answer took, which S covers. Any other reading is the
 * earliest that the header allows. Also accepts the forms of stamps in rows.
 */
export function clockReading(header: string | null, asked_at: number, answered_at: number): ClockReading {
  const text = header?.trim() ?? "";
  if (text.length > MAX_DATE_HEADER) return null;
  const at = WITH_ZONE.test(text)
    ? Date.parse(text)
    : ASCTIME.test(text)
      ? Date.parse(`${text} GMT`)
      : parseStamp(text);
  if (at === null || Number.isNaN(at)) return null;
  return at + HEADER_STEP_MS > asked_at && at < answered_at + MIN_SKEW_MS ? 0 : at - answered_at;
}
