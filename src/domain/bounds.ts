/**
 * Every bound on a value from outside (design, rule 9): what Dutchie, a caller or a header says is believed up to here and
 * no further. Each has its number, unit and reason. What lies beyond a bound is not used, and is told.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

// ---- Times --------------------------------------------------------------------------------------------------------

/** A difference of clocks below this is none, ms: a Date header tells whole seconds. */
export const MIN_SKEW_MS = SECOND_MS;
/** How far Dutchie's clock may differ from ours and be corrected for, ms: S, so that no corrected snapshot lies after our now. */
export const MAX_SKEW_MS = 5 * MINUTE_MS;
/** How far sales and products are asked for on a clock that is wrong, ms, either way: a day covers any mistaken time zone. */
export const MAX_WINDOW_SKEW_MS = 24 * HOUR_MS;
/** How far our own machines' clocks may differ, ms: a stored time that lies further after now was never true. */
export const OWN_CLOCKS_MS = MINUTE_MS;
/** Characters of a Date header; the three formats of HTTP have at most 33. */
export const MAX_DATE_HEADER = 64;
/** A year before this is a default (.NET writes 0001-01-01 for "never"), not a time. */
export const FIRST_YEAR = 1990;

// ---- Waits --------------------------------------------------------------------------------------------------------

/** The shortest wait before a request is repeated, ms, also where `Retry-After: 0` was sent (seen live). */
export const MIN_WAIT_MS = SECOND_MS;
/** The longest wait, ms, however long Dutchie asked for: a limit of its own lasts a minute, an outage is asked after hourly. */
export const MAX_WAIT_MS = HOUR_MS;

// ---- Texts and numbers of a row -----------------------------------------------------------------------------------

/** Characters of a text; longer ones are cut: a name of 2,000 characters is none, and a row must fit D1's 2 MB. */
export const MAX_TEXT = 2_000;
/** Characters of an id; a longer one is none, for two cut ids could be one. */
export const MAX_ID = 200;
/** Characters of a number, a time or a flag written as text; a longer one is none, and no pattern is tried on it. */
export const MAX_NUMBER = 100;
/** The largest amount, either sign: far beyond anything a store holds, and safe where numbers are rounded and added. */
export const LARGEST_NUMBER = 1e15;

// ---- Answers ------------------------------------------------------------------------------------------------------

/** Bytes read of an answer that is an error: enough for its message. */
export const MAX_ERROR_BYTES = 4_096;
/** Characters of Dutchie's own words that a message quotes. */
export const MAX_QUOTE = 200;
/** Pages of one list: far above any catalogue (500 rows a page: five million rows). */
export const MAX_PAGES = 10_000;
/**
 * Bytes of inventory, as JSON, that are held until the answer's end, where a package's rows may stand anywhere in it:
 * some 80,000 rows, and in memory a good half of an isolate's 128 MB.
 */
export const MAX_HELD_BYTES = 24 * 1_048_576;
/** Failed rows that a run keeps with their reasons (the API contract). */
export const MAX_FAILURES = 100;

// ---- Messages, calls, stored rows and answers ---------------------------------------------------------------------

/** Bytes of a message as JSON: a queue takes 128 KB, and a little is its own. */
export const MAX_MESSAGE_BYTES = 127_000;
/** Bytes of the messages that are sent in one call: a queue takes 256 KB, and a hundred of them. */
export const MAX_SEND_BYTES = 250_000;
export const MAX_SEND_MESSAGES = 100;
/**
 * Bytes of the events, as JSON, that a store's Location takes in one call: the platform allows 32 MB, and what is not
 * answered in time is all delivered again.
 */
export const MAX_CALL_BYTES = 1_000_000;
/** Characters of the rows, as JSON, that a read hands to a store's Location in one call; the platform allows 32 MB. */
export const MAX_ROWS_BYTES = 4_000_000;
/** Characters of the reason why one row failed. */
export const MAX_REASON = 300;
/** Failed rows that an event's reason tells of; the others are counted. */
export const MAX_EVENT_REASONS = 10;
/** Characters of a text in the change log: enough to see what became what. */
export const MAX_LOGGED_VALUE = 500;
/** Characters of a list's answer, as JSON; a page ends there. An isolate has 128 MB for all its callers. */
export const MAX_PAGE_BYTES = 4_000_000;
/** Characters of an error's cause or place in our log. */
export const MAX_LOGGED = 500;
/** Deliveries after which an event is given up that fails for no reason known to pass: they last an hour (retries.ts). */
export const MAX_EVENT_TRIES = 20;
