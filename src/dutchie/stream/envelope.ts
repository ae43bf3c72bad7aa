import type { DutchieError } from "../../domain/runs/failure.ts";
import { messageIn } from "../http/classify-response.ts";
import { dutchieError } from "../http/errors.ts";

/**
 * What stands beside a list of rows: `{"data": […], "total": 500, "next": …}`, or an error that came with status 200.
 * Keys are lower case, without underscores and hyphens.
 */
export type Members = ReadonlyMap<string, unknown>;

/** Keys under which an answer carries its rows, whatever they are rows of. */
const LISTS = words(
  "data items results result rows records list value values entries content elements response payload",
);
/** Objects that hold the list one floor down: `{"Data": {"Products": […]}}`. */
const WRAPPERS = words("data result results response payload body value content d");
/** Lists that are no rows of the store. */
const NOTICES = words(
  "errors error warnings messages message links meta metadata details propertyerrors validationerrors facets filters",
);
/** Where paging is told, one floor down. */
const PAGINGS = words("paging pagination page pageinfo meta metadata links cursor cursors");
const NEXTS = words("next nextcursor nextpage nextlink nextpagetoken nextpageurl nexturl odata.nextlink endcursor");
const TOTALS = words(
  "total totalcount totalrecords totalresults totalrows totalitems totalelements count recordcount rowcount resultcount itemcount recordstotal numberofrecords",
);
const PAGE_COUNTS = words("totalpages pagecount lastpage numberofpages pages");
const MORES = words("hasmore hasnext hasnextpage moreavailable more istruncated truncated partial incomplete");
const OK_FLAGS = words("result success succeeded successful ok isvalid issuccess issuccessful");
const ERRORS = words(
  "error errors exception exceptionmessage fault errormessage errorcode propertyerrors validationerrors",
);
const MESSAGES = words("message messages traceid exceptionmessage");
/** An id beside a list: the object is a row itself, and the list a part of it. */
const IDS = words("id transactionid productid inventoryid packageid");

/** Of the list's names in an answer that wraps it. */
const ROWS = words(
  "products productlist inventory inventories packages inventoryitems inventorylist transactions sales orders transactionlist rooms roomlist",
);
const KNOWN = new Set(
  [LISTS, WRAPPERS, NOTICES, PAGINGS, NEXTS, TOTALS, PAGE_COUNTS, MORES, OK_FLAGS, ERRORS, MESSAGES, IDS, ROWS].flatMap(
    (set) => [...set],
  ),
);

/** Keys for a message that is stored: the words that answers are made of; others are counted, for one may be a customer's name. */
export function quoteKeys(keys: Iterable<string>): string {
  const all = [...keys];
  const known = all.filter((key) => KNOWN.has(key)).slice(0, 10);
  const others = all.length - known.length;
  const rest = others === 0 ? [] : [others === 1 ? "one of another name" : `${others} of other names`];
  return [...known, ...rest].join(", ");
}

export const isListKey = (key: string): boolean => LISTS.has(key);
export const isWrapper = (key: string): boolean => WRAPPERS.has(key);
/** Says where the list goes on, or may. */
export const isPaging = (key: string): boolean => key.startsWith("next") || NEXTS.has(key) || PAGINGS.has(key);
export const isNotice = (key: string): boolean => NOTICES.has(key) || NEXTS.has(key) || PAGINGS.has(key);

export interface Envelope {
  error: DutchieError | null;
  next: unknown;
  /** How many rows the whole list has, as the answer says; null: it does not. */
  total_rows: number | null;
  /** How many pages it has. */
  total_pages: number | null;
}

/** Whether an object is an answer or an error in disguise: "no answer" must never look like "none". */
export function readEnvelope(members: Members, rows: { list: string | null; count: number }): Envelope {
  const levels = [members, ...pagings(members)];
  const find = (names: ReadonlySet<string>) =>
    levels.flatMap((level) => [...level].filter(([key]) => names.has(key)).map(([, value]) => value));
  const next = find(NEXTS).find((value) => value !== null && value !== false && value !== "") ?? null;
  const stated = {
    next,
    total_rows: largest(find(TOTALS)),
    total_pages: largest(find(PAGE_COUNTS)),
  };
  return { ...stated, error: errorIn(members, rows) ?? (next === null ? moreIn(find(MORES)) : null) };
}

function errorIn(members: Members, { list, count }: { list: string | null; count: number }): DutchieError | null {
  const values = (names: ReadonlySet<string>) =>
    [...members].filter(([key]) => names.has(key)).map(([, value]) => value);
  const said = messageIn(JSON.stringify(Object.fromEntries(members)));
  const refused = values(OK_FLAGS).some((value) => value === false || value === "false");
  const erred =
    values(ERRORS).some(isFilled) || isBadStatus(members.get("status")) || isBadStatus(members.get("statuscode"));
  const speaks = values(MESSAGES).some(isFilled) && count === 0 && !isHarmless(said);
  if (refused || erred || speaks) return errorFromMessage(said);
  if (list === null) {
    const keys = quoteKeys(members.keys());
    const holds = keys === "" ? "" : ` (it has ${keys})`;
    return dutchieError("NOT_DUTCHIE", `The endpoint answered with an object that holds no rows${holds}`);
  }
  if ([...IDS].some((key) => members.has(key)))
    return dutchieError(
      "BAD_RESPONSE",
      `The answer is one row where a list belongs: its "${quoteKeys([list])}" is a part of it`,
    );
  return null;
}

/** An error that came with status 200, by what it says. */
export function errorFromMessage(said: string): DutchieError {
  const quote = said === "" ? "" : `: ${said}`;
  return /too many requests|rate.?limit|throttl/i.test(said)
    ? dutchieError("RATE_LIMITED", `Dutchie asks to wait${quote}`)
    : dutchieError("BAD_RESPONSE", `Dutchie answered with an error instead of rows${quote}`);
}

const moreIn = (flags: readonly unknown[]): DutchieError | null =>
  flags.some((flag) => flag === true)
    ? dutchieError("BAD_RESPONSE", "The answer says that there are more rows, and not where")
    : null;

/** "OK" and "No products found" are no errors: the list is empty, and the answer says so. */
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

function pagings(members: Members): Members[] {
  return [...members].flatMap(([key, value]) =>
    PAGINGS.has(key) && typeof value === "object" && value !== null && !Array.isArray(value)
      ? [
          new Map(
            Object.entries(value)
              .slice(0, 50)
              .map(([inner, each]) => [envelopeKey(inner), each]),
          ),
        ]
      : [],
  );
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
