import { MAX_LOGGED } from "../domain/bounds.ts";

/** The value after one of these names is a secret, whatever its form. */
const SCHEME = /\b(bearer|basic) [^\s"',;]+/gi;
const NAMED = /(key|secret|token|password|signature)["' ]?[:=] ?\S+/gi;
/** So long, with letters and digits: a key, a token or a signature. An id stands under a key of its own. */
const RANDOM = /[A-Za-z0-9+/_=-]{16,}/g;
const HIDDEN = "[hidden]";

/** A text that somebody else wrote, bounded for the log and without what may be a secret in it. */
export function redacted(text: string): string {
  return text
    .slice(0, 2 * MAX_LOGGED)
    .replaceAll(SCHEME, `$1 ${HIDDEN}`)
    .replaceAll(NAMED, `$1=${HIDDEN}`)
    .replaceAll(RANDOM, (run) => (/\d/.test(run) && /[A-Za-z]/.test(run) ? HIDDEN : run))
    .slice(0, MAX_LOGGED);
}
