import { MAX_QUOTE } from "../../domain/bounds.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { secretFinder } from "../../security/echo.ts";
import type { DutchieConfig } from "./config.ts";
import { withoutContacts } from "./contacts.ts";
import { DutchieReadError } from "./errors.ts";

/** Separates our own words from Dutchie's words in a message. */
const BEFORE_QUOTE = ": ";
const WITHHELD = "its answer repeats the API key, so it is not shown";

/** Every error that leaves the client passes these checks, whatever its status. */
export interface Checks {
  containsSecret(text: string): boolean;
  /** The error without secrets and customers' addresses; its quote has at most MAX_QUOTE characters. */
  error(error: DutchieError): DutchieError;
}

export function checksOf(config: DutchieConfig): Checks {
  const containsSecret = secretFinder([config.api_key.trim(), config.integrator_key?.trim() ?? ""]);
  return { containsSecret, error: (error) => ({ ...error, message: checkedMessage(error.message, containsSecret) }) };
}

function checkedMessage(message: string, containsSecret: (text: string) => boolean): string {
  const at = message.indexOf(BEFORE_QUOTE);
  const [own, said] = at === -1 ? [message, ""] : [message.slice(0, at), message.slice(at + BEFORE_QUOTE.length)];
  // Checked before it is cut: afterwards half a key at the end would not be found.
  if (containsSecret(own)) return `Dutchie answered with an error${BEFORE_QUOTE}${WITHHELD}`;
  if (containsSecret(said)) return `${own}${BEFORE_QUOTE}${WITHHELD}`;
  if (at === -1) return message;
  const quote = withoutContacts(said);
  return `${own}${BEFORE_QUOTE}${quote.length > MAX_QUOTE ? `${quote.slice(0, MAX_QUOTE).toWellFormed()}…` : quote}`;
}

/** The result; if it failed, with its error checked. */
export function checkedResult<T extends { ok: true }>(
  result: T | { ok: false; error: DutchieError },
  checks: Checks,
): T | { ok: false; error: DutchieError } {
  return result.ok ? result : { ok: false, error: checks.error(result.error) };
}

/** The rows as they arrive, with the error they may end with and the quoted keys checked. */
export async function* checkedRows<C extends { keys?: string }>(
  chunks: AsyncGenerator<C, void, undefined>,
  checks: Checks,
): AsyncGenerator<C, void, undefined> {
  try {
    for await (const chunk of chunks) {
      if (chunk.keys !== undefined && checks.containsSecret(chunk.keys)) delete chunk.keys;
      yield chunk;
    }
  } catch (error) {
    throw error instanceof DutchieReadError
      ? new DutchieReadError(checks.error(error.error), error.page, error.before)
      : error;
  }
}
