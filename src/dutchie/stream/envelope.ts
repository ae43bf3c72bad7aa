import type { DutchieError } from "../../domain/runs/failure.ts";
import { isObject } from "../decode/fields.ts";
import { messageIn } from "../http/classify-response.ts";
import { dutchieError } from "../http/errors.ts";

/**
 * What an answer states beside its list of rows: `{"data": […], "total": 500, "next": …}`, or an error with status 200.
 * Keys are in lower case, without underscores and hyphens.
 */
export type Members = ReadonlyMap<string, unknown>;

/** Keys under which an answer may carry rows of any kind. */
const LISTS = words(
  "data items results result rows records list value values entries content elements response payload",
);
/** Objects that may contain the list: `{"Data": {"Products": […]}}`. */
const WRAPPERS = words("data result results response payload body value content d");
/** Lists that are not the store's rows. */
const NOTICES = words(
  "errors error warnings messages message links meta metadata details propertyerrors validationerrors facets filters",
);
/** Objects that may contain paging: `{"meta": {"next": …}}`. */
const PAGINGS = words("paging pagination page pageinfo meta metadata resultset links cursor cursors");
const NEXTS = words("next nextcursor nextpage nextlink nextpagetoken nextpageurl nexturl odata.nextlink endcursor");
const TOTALS = words(
  "total totalcount totalrecords totalresults totalrows totalitems totalelements count recordcount rowcount resultcount itemcount recordstotal numberofrecords totalentries odata.count totalproducts totalpackages totaltransactions",
);
const PAGE_COUNTS = words("totalpages pagecount lastpage numberofpages pages");
const MORES = words(
  "hasmore hasnext hasnextpage moreavailable more istruncated truncated ispartial partial isincomplete incomplete incompleteresults limitreached limitexceeded timedout",
);
/** Where a list goes on, by a name under which nobody can ask for it. Some servers state it at the end, too, beside the total. */
const CONTINUES = words(
  "nexttoken continuationtoken nextoffset nextskip nextmarker nextkey nextpagenumber lastevaluatedkey",
);
/** The same, said the other way round. */
const ENDS = words(
  "iscomplete complete completed isdone done isfinished finished isfinal final islast islastpage last lastpage",
);
/** States in which a list is not whole yet. */
const UNFINISHED = /^(partial|incomplete|truncated|pending|processing|queued|running|inprogress)/;
const OK_FLAGS = words("result success succeeded successful ok isvalid issuccess issuccessful");
const ERRORS = words(
  "error errors exception exceptionmessage fault errormessage errorcode propertyerrors validationerrors",
);
const MESSAGES = words("message messages traceid exceptionmessage");
/** An id beside the list means that the object itself is a row, and the list is part of it. */
const IDS = words("id transactionid productid inventoryid packageid");

/** Keys for a list of rows of one kind. Only for messages: a read passes its own (`names`). */
const ROWS = words(
  "products productlist inventory inventories packages inventoryitems inventorylist transactions sales orders transactionlist rooms roomlist",
);
const KNOWN = new Set(
  [
    LISTS,
    WRAPPERS,
    NOTICES,
    PAGINGS,
    NEXTS,
    TOTALS,
    PAGE_COUNTS,
    MORES,
    CONTINUES,
    ENDS,
    OK_FLAGS,
    ERRORS,
    MESSAGES,
    IDS,
    ROWS,
  ].flatMap((set) => [...set]),
);

/** Keys for a message that is stored: known keys by name, others only by number, because a key can be a customer's name. */
export function quoteKeys(keys: Iterable<string>): string {
  const all = [...keys];
  const known = all.filter((key) => KNOWN.has(key)).slice(0, 10);
  const others = all.length - known.length;
  const rest = others === 0 ? [] : [others === 1 ? "one of another name" : `${others} of other names`];
  return [...known, ...rest].join(", ");
}

export const isListKey = (key: string): boolean => LISTS.has(key);
export const isWrapper = (key: string): boolean => WRAPPERS.has(key);
/** Whether the key can say where the list continues. */
export const isPaging = (key: string): boolean => key.startsWith("next") || NEXTS.has(key) || PAGINGS.has(key);
export const isNotice = (key: string): boolean => NOTICES.has(key) || NEXTS.has(key) || PAGINGS.has(key);

/**
 * Two spellings of one key (`X-Total`, `X-WP-Total`) may contradict each other. Then the larger count is true, the "no" of an
 * answer that also says yes, and what is there rather than what is empty: a list must not look whole that is not.
 */
export function addMember(members: Map<string, unknown>, key: string, value: unknown): void {
  const before = members.get(key);
  if (before === undefined) members.set(key, value);
  else if (TOTALS.has(key) || PAGE_COUNTS.has(key)) members.set(key, largest([before, value]) ?? value);
  else if (OK_FLAGS.has(key) || ENDS.has(key)) members.set(key, isFalse(before) ? before : value);
  else if (isFilled(value) || !isFilled(before)) members.set(key, value);
}

export interface Envelope {
  error: DutchieError | null;
  next: unknown;
  /** How many rows the whole list has, by the answer's own count; null: no count. */
  total_rows: number | null;
  /** How many pages the whole list has; null: no count. */
  total_pages: number | null;
}

/** Reads the answer's statements beside its rows, and finds an error with status 200: "no answer" must never count as "no rows". */
export function readEnvelope(members: Members, rows: { list: string | null; count: number }): Envelope {
  const stated = readPaging(members, rows.count);
  return { ...stated, error: errorIn(members, rows) ?? stated.error ?? unfinishedIn(members) };
}

/** What an answer's body or headers say about the rest of its list. `error`: there is more, but not where. */
export function readPaging(members: Members, count: number): Envelope {
  const levels = levelsOf(members, MAX_LEVELS);
  const find = (names: ReadonlySet<string>) => levels.flatMap((level) => valuesOf(level, names));
  // HAL: `{"_links": {"next": {"href": …}}}`.
  const hrefs = find(NEXTS).map((value) => (isObject(value) ? (value.href ?? value) : value));
  const next = hrefs.find((value) => value !== null && value !== false && value !== "") ?? null;
  const total_rows = largest(find(TOTALS));
  const isCounted = total_rows !== null && count >= total_rows;
  const isMore = find(MORES).some(isTrue) || find(ENDS).some(isFalse) || (!isCounted && find(CONTINUES).some(isFilled));
  const total_pages = largest(find(PAGE_COUNTS));
  return { next, total_rows, total_pages, error: next === null && isMore ? NOT_WHOLE : null };
}

function errorIn(members: Members, { list, count }: { list: string | null; count: number }): DutchieError | null {
  const said = messageIn(JSON.stringify(Object.fromEntries(members)));
  const isMessageOnly = valuesOf(members, MESSAGES).some(isFilled) && count === 0 && !isHarmless(said);
  if (saysNo(members) || isMessageOnly) return errorFromMessage(said);
  if (list === null) {
    const keys = quoteKeys(members.keys());
    const found = keys === "" ? "" : ` (it has ${keys})`;
    return dutchieError("NOT_DUTCHIE", `The endpoint answered with an object that contains no rows${found}`);
  }
  if ([...IDS].some((key) => members.has(key)))
    return dutchieError(
      "BAD_RESPONSE",
      `The answer is a single row, not a list: its "${quoteKeys([list])}" is a part of the row`,
    );
  return null;
}

const valuesOf = (members: Members, names: ReadonlySet<string>): unknown[] =>
  [...members].filter(([key]) => names.has(key)).map(([, value]) => value);

/** Whether the answer reports an error of its own: `{"Result": false}`, `{"errors": […]}`, `{"status": "failed"}`. */
const saysNo = (members: Members): boolean =>
  valuesOf(members, OK_FLAGS).some(isFalse) ||
  valuesOf(members, ERRORS).some(isFilled) ||
  isBadStatus(members.get("status")) ||
  isBadStatus(members.get("statuscode"));

/** Lists in which the answer to a write names what was not saved. */
const UNSAVED = words("failures failed rejected invalid notsaved");
/** Dutchie's shortest error: a message and a trace, and nothing else. What it saved may have a trace, too. */
const isTracedError = (members: Members, said: string): boolean =>
  isFilled(members.get("traceid")) && said !== "" && [...members.keys()].every((key) => MESSAGES.has(key));

/** How many parts of an answer are looked at: a write has at most 50. */
const MAX_PARTS = 100;

/**
 * The error that the answer to a write reports with status 200: for the whole write, or for one of several products in a
 * list. null: it reports none, as an empty answer.
 */
export function refusalIn(answer: unknown): DutchieError | null {
  const parts = [answer].flat().slice(0, MAX_PARTS).filter(isObject);
  const inner = parts.flatMap((part) =>
    Object.entries(part).flatMap(([key, value]) => (isListKey(envelopeKey(key)) ? [value].flat() : [])),
  );
  for (const part of [...parts, ...inner.slice(0, MAX_PARTS).filter(isObject)]) {
    const members = membersFrom(Object.entries(part));
    const said = messageIn(JSON.stringify(part));
    if (!saysNo(members) && !valuesOf(members, UNSAVED).some(isFilled) && !isTracedError(members, said)) continue;
    const error = errorFromMessage(said);
    if (error.code === "RATE_LIMITED") return error;
    const quote = said === "" ? "" : `: ${said}`;
    return dutchieError("REJECTED", `Dutchie answered that it did not save the value${quote}`);
  }
  return null;
}

/** The error that an answer with status 200 reports. */
export function errorFromMessage(said: string): DutchieError {
  const quote = said === "" ? "" : `: ${said}`;
  return /too many requests|rate.?limit|throttl/i.test(said)
    ? dutchieError("RATE_LIMITED", `Dutchie asks ReUp to wait${quote}`)
    : dutchieError("BAD_RESPONSE", `Dutchie answered with an error instead of rows${quote}`);
}

const NOT_WHOLE = dutchieError("BAD_RESPONSE", "The answer says that there are more rows, but not where");

function unfinishedIn(members: Members): DutchieError | null {
  const isUnfinished = (status: unknown) => typeof status === "string" && UNFINISHED.test(envelopeKey(status));
  if (!isUnfinished(members.get("status")) && !isUnfinished(members.get("state"))) return null;
  return dutchieError("BAD_RESPONSE", "The answer says that its list is not complete");
}

const isTrue = (value: unknown): boolean => value === true || isWord(value, "true");
const isFalse = (value: unknown): boolean => value === false || isWord(value, "false");
const isWord = (value: unknown, word: string): boolean =>
  typeof value === "string" && value.length <= 10 && value.trim().toLowerCase() === word;

/** "OK" and "No products found" are no errors: they confirm an empty list. */
const isHarmless = (said: string): boolean =>
  /^(ok|success|successful|no (products?|inventory|packages|transactions|sales|rooms|items|records|results|rows)( were)?( found)?)\.?$/i.test(
    said,
  );

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return value !== null && value !== undefined && value !== false && value !== 0 && value !== "";
}

const isBadStatus = (value: unknown): boolean =>
  (typeof value === "number" && value >= 400 && value < 600) ||
  (typeof value === "string" && /^(error|fail|failed|failure)$/i.test(value.slice(0, 20)));

/** `{"meta": {"pagination": {"links": …}}}` is as deep as it gets. */
const MAX_LEVELS = 4;

/** The statements, and those of the objects within them that may contain paging. */
function levelsOf(members: Members, depth: number): Members[] {
  if (depth === 0) return [];
  const inner = valuesOf(members, PAGINGS).flatMap((value) =>
    typeof value === "object" && value !== null ? levelsOf(membersOf(value), depth - 1) : [],
  );
  return [members, ...inner];
}

/** A list of links (`[{"rel": "next", "href": …}]`) says the same as an object of them. */
function membersOf(value: object): Members {
  const entries = Array.isArray(value)
    ? value.flatMap((link) => (isObject(link) ? [[String(link.rel), link.href] as const] : []))
    : Object.entries(value);
  return membersFrom(entries.slice(0, 50));
}

function membersFrom(entries: readonly (readonly [string, unknown])[]): Members {
  const members = new Map<string, unknown>();
  for (const [key, each] of entries) addMember(members, envelopeKey(key), each);
  return members;
}

export const envelopeKey = (key: string): string =>
  key
    .slice(0, 100)
    .toLowerCase()
    .replace(/[_\-$@ ]/g, "");

function largest(values: readonly unknown[]): number | null {
  const counts = values.flatMap((value) => {
    const count = typeof value === "string" && /^\d{1,12}$/.test(value) ? Number(value) : value;
    return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? [count] : [];
  });
  return counts.length === 0 ? null : Math.max(...counts);
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(" "));
}
