import { DrizzleQueryError } from "drizzle-orm/errors";
import { redacted } from "./redacted.ts";

/**
 * What the platform throws, classified once. D1 and Durable Objects report overload and lost connections as plain
 * errors; the flags are the documented part, the texts what has been seen without them.
 */
const RESET_TEXTS = [
  "network connection lost",
  "storage caused object to be reset",
  "reset because its code was updated",
];
const PASSING_TEXTS = [
  ...RESET_TEXTS,
  "overloaded",
  "storage operation exceeded timeout",
  "exceeded its cpu time limit and was reset",
  "exceeded its memory limit and was reset",
  "transient issue",
  "internal error",
  "client disconnected",
  "long-running export",
  "database is locked",
  "error code: 1031",
  // As Queues report what their own service answered.
  "too many requests",
  "internal server error",
  "bad gateway",
  "gateway time",
  "durable object reset",
  "service unavailable",
];

/** Whether an idempotent write may be tried again at once. Not when D1 is overloaded: that would add to the load. */
export function isReset(error: unknown): boolean {
  return chain(error).some((link) => RESET_TEXTS.some((known) => link.message.toLowerCase().includes(known)));
}

/** Whether the same request will probably succeed a moment later. */
export function isPassing(error: unknown): boolean {
  return chain(error).some((link) => {
    const { overloaded, retryable } = link as Error & { overloaded?: unknown; retryable?: unknown };
    const text = link instanceof DrizzleQueryError ? "" : link.message.toLowerCase();
    return overloaded === true || retryable === true || PASSING_TEXTS.some((known) => text.includes(known));
  });
}

/** The reason shown for a row, an event or a message that failed by a fault of ours. */
export const OUR_FAULT = "ReUp could not process it; the fault is on ReUp's side";

const FAULT_TEXTS = ["too big", "constraint failed", "malformed json", "datatype mismatch"];

/**
 * A fault of our own code, or a value that no database accepts: trying again cannot help, and other rows are not
 * affected. What is known to pass is none, whatever caused it.
 */
export function isFault(error: unknown): boolean {
  if (isPassing(error)) return false;
  const isOurs = (link: Error) => FAULTS.some((kind) => link instanceof kind);
  const isRefused = ({ message }: Error) => FAULT_TEXTS.some((known) => message.toLowerCase().includes(known));
  return chain(error).some((link) => !(link instanceof DrizzleQueryError) && (isOurs(link) || isRefused(link)));
}

const FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/** Where it happened, for the log. Never its message: that quotes what our code stumbled over, and may be a customer's. */
export function faultOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s{1,8}at /.test(line.slice(0, 20)));
  return redacted([error.name, ...frames.slice(0, 6).map((frame) => frame.trim())].join(" "));
}

/** The innermost message, for the log. A Drizzle message is never used, because it contains the bound parameters. */
export function causeOf(error: unknown): string {
  const links = chain(error).filter((link) => !(link instanceof DrizzleQueryError));
  return redacted(links.at(-1)?.message ?? "unknown");
}

function chain(error: unknown): Error[] {
  const links: Error[] = [];
  for (let link = error; link instanceof Error && links.length < 10; link = link.cause) links.push(link);
  return links;
}
