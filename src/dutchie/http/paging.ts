/** Follows the `next` of a `{data, next}` answer: a cursor, or a URL on the same host. */

export type NextPage = { ok: true; url: string | null; page: string | null } | { ok: false; reason: string };

/**
 * The address of the next page. A value with a question mark or a scheme is an address. Everything else is a cursor and
 * goes into `cursor=` of `current`. (A base64 cursor may begin with a slash, but never contains a question mark.)
 * `kept`: the parameter that names the store. An address without it, or with another store, would lead to that one's rows.
 */
export function nextPage(current: string, next: unknown, kept: string | null): NextPage {
  if (next === null || next === undefined || next === "" || next === false) return { ok: true, url: null, page: null };
  if (typeof next !== "string" && typeof next !== "number")
    return { ok: false, reason: 'its "next" is neither text nor number' };
  const value = String(next);
  const url = new URL(current);
  if (!/^[a-z][a-z0-9+.-]*:\/\/|^\/\/|\?/i.test(value)) {
    url.searchParams.set("cursor", value);
    return { ok: true, url: url.toString(), page: value };
  }
  if (!URL.canParse(value, current)) return { ok: false, reason: 'its "next" is not an address' };
  const target = new URL(value, current);
  // Every request carries the key: it must not go to another host, nor from https to http.
  // The message does not name the host: it is the server's text and may repeat the key.
  if (target.host !== url.host) return { ok: false, reason: 'its "next" leads to another host' };
  const store = kept === null ? null : url.searchParams.get(kept);
  // Only if it has to be: setting it spells the whole query anew.
  if (kept !== null && store !== null && target.searchParams.get(kept) !== store) target.searchParams.set(kept, store);
  return { ok: true, url: url.origin + target.pathname + target.search, page: value };
}
