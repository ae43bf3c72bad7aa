/**
 * Every bound on a value from outside (rule 9): what Dutchie, a caller or a header says is believed up to here and
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
/** Stored times so close above a stamp are of that stamp, ms: each later read that tells other content of it adds one. */
export const SAME_STAMP_MS = 20;
/** A year before this is a default (.NET writes 0001-01-01 for "never"), not a time. */
export const FIRST_YEAR = 1990;

// ---- Waits --------------------------------------------------------------------------------------------------------

/** The shortest wait before a request is repeated, ms, also where `Retry-After: 0` was sent (seen live). */
export const MIN_WAIT_MS = SECOND_MS;
/** The longest wait, ms, however long Dutchie asked for: a limit of its own lasts a minute, an outage is asked after hourly. */
export const MAX_WAIT_MS = HOUR_MS;

/** The longest wait of a message, ms: a queue cannot delay longer. */
export const MAX_QUEUE_DELAY_MS = 12 * HOUR_MS;
/**
 * How long a message waits for a Worker that is not configured, ms, before it becomes a dead letter: a queue deletes it after
 * four days, and the next wait may be MAX_QUEUE_DELAY_MS.
 */
export const MAX_UNCONFIGURED_MS = 48 * HOUR_MS;

/** The longest wait at one endpoint's wall before the others are read, ms: Dutchie's own limits are counted by the minute. */
export const MAX_RATE_LIMIT_WAIT_MS = MINUTE_MS;

/**
 * How far back rows that failed keep what the next read begins at, and how long one that goes on failing does, ms: lines
 * that Dutchie left out come within minutes, an outage lasts hours, and what is older is read again at night.
 */
export const MAX_REREAD_MS = 24 * HOUR_MS;

// ---- Texts and numbers of a row -----------------------------------------------------------------------------------

/** Characters of a text; longer ones are cut: a name of 2,000 characters is none, and a row must fit D1's 2 MB. */
export const MAX_TEXT = 2_000;
/** Characters of an id; a longer one is none, for two cut ids could be one. */
export const MAX_ID = 200;
/** Characters of a number, a time or a flag written as text; a longer one is none, and no pattern is tried on it. */
export const MAX_NUMBER = 100;
/** The largest amount, either sign: far beyond anything a store holds, and safe where numbers are rounded and added. */
export const LARGEST_NUMBER = 1e15;

// ---- What one read of a store takes -------------------------------------------------------------------------------
// Of all its requests and pages together, so that an endless list ends, and no store lives at the others' expense.

/** Bytes: five times the largest catalogue known (50,000 products, about 110 MB). */
export const MAX_READ_BYTES = 512 * 1_048_576;
/** Rows: forty times that catalogue. */
export const MAX_READ_ROWS = 2_000_000;
/** Requests: 50,000 rows at 25 a page. Dutchie allows 60 a minute, so that many take over half an hour. */
export const MAX_READ_REQUESTS = 2_000;
/**
 * Products of one SKU; a SKU that so many have tells none of them apart: real duplicates are a handful, and each row that
 * comes is judged with all others of its SKU.
 */
export const MAX_SKU_PRODUCTS = 200;
/** Products of one SKU, UPC or name that a row without a product's id is held against: so many share it that it names none. */
export const MAX_ALIKE_PRODUCTS = MAX_SKU_PRODUCTS;
/** Products that a review of such a SKU shows, as examples. */
export const MAX_SHARED_SHOWN = 20;
/** Time spent waiting for Dutchie in one go, ms: twice what the largest report needs. Our own database does not count. */
export const MAX_WAITED_MS = 2 * MINUTE_MS;
/** And where quick stores are read, before the step is handed over to the consumers of slow ones, ms: most wait a second or two. */
export const QUICK_WAITED_MS = 10 * SECOND_MS;
/** Waiting over all goes of one read that is continued page by page, ms: what takes longer is older than it is worth. */
export const MAX_WAITED_IN_ALL_MS = 30 * MINUTE_MS;
/**
 * Time that one go may hold a consumer, ms, all work included. Were all of it computing, it still ends before the CPU limit
 * (`cpu_ms` in wrangler.toml, 5 minutes) ends the consumer with nothing told.
 */
export const MAX_TURN_MS = 4 * MINUTE_MS;
/** And where quick stores are read, ms: a catalogue of 50,000 products is imported within it. */
export const QUICK_TURN_MS = MINUTE_MS;
/** Waiting in a connection test, ms: somebody looks at it. Four requests at once wait four times. */
export const MAX_WAITED_IN_TEST_MS = MINUTE_MS;

// ---- Answers ------------------------------------------------------------------------------------------------------

/** Bytes read of an answer that is an error, and of an error's message or hint before it is shown: enough to find a key in it. */
export const MAX_ERROR_BYTES = 4_096;
/** Characters of Dutchie's own words that a message quotes. */
export const MAX_QUOTE = 200;
/**
 * Bytes of inventory, as JSON, that are held until the answer's end, where a package's rows may stand anywhere in it:
 * some 80,000 rows, and in memory a good half of an isolate's 128 MB.
 */
export const MAX_COLLECTED_BYTES = 24 * 1_048_576;
/** Rows of a list that are handed on at a time: what one D1 statement takes in a single JSON parameter. */
export const MAX_GROUP_ROWS = 500;
/** Characters of their JSON: with a last row of 2 MB they are 4 MB, parsed several times that, and an isolate has 128 MB. */
export const MAX_GROUP_BYTES = 2 * 1_048_576;
/** Records of one answer that are looked out for again: twice a large store's list, some 15 MB of memory. */
export const MAX_KNOWN_IDS = 100_000;
/** Failed rows that a run keeps with their reasons (the API contract). */
export const MAX_FAILURES = 100;

// ---- Messages, calls, stored rows and answers ---------------------------------------------------------------------

/** Bytes of a message as JSON: a queue takes 128 KB, and a little is its own. */
export const MAX_MESSAGE_BYTES = 127_000;
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
/** Products in each of the two rankings of the sales insights: a person reads no more, and all of them are kept for the day. */
export const MAX_RANKED = 50;
/** Characters of the token in the link of a mail that asks for consent: ours have some 500. */
export const MAX_LINK_TOKEN = 2_000;
/** Characters of an error's cause or place in our log. */
export const MAX_LOGGED = 500;
/** Characters of an id or a word in our log; an `x-request-id` has at most as many. */
export const MAX_LOGGED_ID = 255;
/** Deliveries after which an event is given up that fails for no reason known to pass: they last an hour (retries.ts). */
export const MAX_EVENT_TRIES = 20;
