import { MAX_COPY_AGE_MS, MAX_ERROR_BYTES, MAX_NUMBER } from "../../domain/bounds.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { addMember, type Envelope, envelopeKey, readPaging } from "../stream/envelope.ts";
import { dutchieError } from "./errors.ts";

/** What the headers of an answer say about its list of so many rows: some servers state there, not in the body, that there is more. */
export type ListHeaders = (count: number) => Envelope;

export function listHeaders(headers: Headers, url: string): ListHeaders {
  const said = new Map<string, unknown>();
  headers.forEach((value, name) => {
    const key = envelopeKey(name.replace(/^x-(wp-)?/i, ""));
    // A header that comes twice is one with a comma.
    const isTwice = value.length <= MAX_NUMBER && /^\d{1,12}(, ?\d{1,12})+$/.test(value.trim());
    const values = isTwice ? value.split(",") : [value];
    for (const each of values) addMember(said, key, memberIn(each.trim()));
  });
  const range = /^[^/]{0,100}\/(\d{1,12})$/.exec(headers.get("content-range")?.trim() ?? "")?.[1];
  // Apart: a header of these names states something, too.
  said.set("links", { total: range, next: nextLink(headers.get("link") ?? "", url) });
  return (count) => readPaging(said, count);
}

/** `X-Pagination` has an object. */
function memberIn(value: string): unknown {
  if (!value.startsWith("{") || value.length > MAX_ERROR_BYTES) return value;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

function nextLink(header: string, url: string): string | null {
  for (const [, target = "", about = ""] of header.slice(0, MAX_ERROR_BYTES).matchAll(/<([^<>]*)>([^<>]*)/g)) {
    if (/;\s?rel\s?=\s?"?(?:[a-z-]+ )?next\b/i.test(about) && URL.canParse(target, url))
      return new URL(target, url).toString();
  }
  return null;
}

/** How old the answer is because a cache between us and Dutchie kept it, ms (`Age`). */
export function ageMs(headers: Headers): number {
  const text = headers.get("age")?.trim() ?? "";
  return text.length <= MAX_NUMBER && /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : 0;
}

/** Why a successful answer is no whole and current list; null: it is one. */
export function whyNoList(status: number, headers: Headers, path: string): DutchieError | null {
  if (status === 206 || status === 207)
    return dutchieError("BAD_RESPONSE", `${path} answered with a part of its list (${status})`);
  if (status === 202) return dutchieError("BAD_RESPONSE", `${path} answered that its list is not ready yet (202)`);
  const age = ageMs(headers);
  if (age <= MAX_COPY_AGE_MS) return null;
  const minutes = Math.round(age / 60_000).toLocaleString("en-US");
  return dutchieError("BAD_RESPONSE", `${path} answered with a copy that a cache had kept for ${minutes} minutes`, {
    hint: "Something between ReUp and Dutchie, such as a proxy, keeps copies of answers. Have it pass every request on.",
  });
}
