import { MAX_QUOTE } from "../../domain/bounds.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { secretFinder } from "../../security/echo.ts";
import type { DutchieConfig } from "./config.ts";
import { withoutContacts } from "./contacts.ts";
import { DutchieReadError } from "./errors.ts";

/** What stands between our own words and those of Dutchie that a message quotes. */
const QUOTES = ": ";
const WITHHELD = "its answer repeats the API key, so it is not shown";

/** What every error goes through on its way out of the client, whatever the status it came with. */
export interface Checks {
  containsSecret(text: string): boolean;
  /** The error without a secret or a customer's address in it, and with a quote of at most MAX_QUOTE characters. */
  error(error: DutchieError): DutchieError;
}

export function checksOf(config: DutchieConfig): Checks {
  const containsSecret = secretFinder([config.api_key.trim(), config.integrator_key?.trim() ?? ""]);
  return { containsSecret, error: (error) => ({ ...error, message: checkedMessage(error.message, containsSecret) }) };
}

function checkedMessage(message: string, containsSecret: (text: string) => boolean): string {
  const at = message.indexOf(QUOTES);
  const [own, said] = at === -1 ? [message, ""] : [message.slice(0, at), message.slice(at + QUOTES.length)];
  // Looked at whole, then cut: half a key at the end of a quote is found no more.
  if (containsSecret(own)) return `Dutchie answered with an error${QUOTES}${WITHHELD}`;
  if (containsSecret(said)) return `${own}${QUOTES}${WITHHELD}`;
  if (at === -1) return message;
  const quote = withoutContacts(said);
  return `${own}${QUOTES}${quote.length > MAX_QUOTE ? `${quote.slice(0, MAX_QUOTE).toWellFormed()}…` : quote}`;
}

/** A failed result with its error checked; any other as it is. */
export function checkedResult<T extends { ok: true }>(
  result: T | { ok: false; error: DutchieError },
  checks: Checks,
): T | { ok: false; error: DutchieError } {
  return result.ok ? result : { ok: false, error: checks.error(result.error) };
}

/** The rows as they come; the error that they break with, and the keys that a chunk quotes, checked. */
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
    throw error instanceof DutchieReadError ? new DutchieReadError(checks.error(error.error), error.page) : error;
  }
}
