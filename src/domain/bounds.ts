/**
 * Every bound on a value from outside (rule 9), with its number, unit and reason. Dutchie, a caller and a header are
 * believed up to the bound. ReUp does not use a value beyond it, and reports it.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

// ---- Times --------------------------------------------------------------------------------------------------------

/** A smaller difference between two clocks does not count, ms: a Date header has whole seconds. */
export const MIN_SKEW_MS = SECOND_MS;
/** The largest difference between Dutchie's clock and ours that is corrected, ms. It equals S, so no corrected snapshot lies after our now. */
export const MAX_SKEW_MS = 5 * MINUTE_MS;
/** How old a cache's copy of an answer may be, ms: as old as Dutchie's own answers are (S). An older one shows stock that was sold. */
export const MAX_COPY_AGE_MS = 5 * MINUTE_MS;
/** How far windows of sales and products move with a wrong clock, ms, either way: a day covers any mistaken time zone. */
export const MAX_WINDOW_SKEW_MS = 24 * HOUR_MS;
/** How far the clocks of our own machines may differ, ms. A stored time further after now cannot be true. */
export const OWN_CLOCKS_MS = MINUTE_MS;
/** Characters of a Date header; HTTP's three formats have at most 33. */
export const MAX_DATE_HEADER = 64;
/** A stored time at most this far above a stamp belongs to that stamp, ms: each later read with other content adds 1. */
export const SAME_STAMP_MS = 20;
/** An earlier year is a default and no time: .NET writes 0001-01-01 for "never". */
export const FIRST_YEAR = 1990;

// ---- Waits --------------------------------------------------------------------------------------------------------

/** The shortest wait before a request is repeated, ms, even after `Retry-After: 0` (seen live). */
export const MIN_WAIT_MS = SECOND_MS;
/** The longest wait, ms, whatever Dutchie asks for: its rate limits last a minute, and an outage is checked every hour. */
export const MAX_WAIT_MS = HOUR_MS;

/** The longest wait of a message, ms: a queue cannot delay longer. */
export const MAX_QUEUE_DELAY_MS = 12 * HOUR_MS;
/**
 * How long a message waits for a Worker that is not configured, ms, before it becomes a dead letter: a queue deletes it after
 * four days, and the next wait may be MAX_QUEUE_DELAY_MS.
 */
export const MAX_UNCONFIGURED_MS = 48 * HOUR_MS;

/** The longest wait for one endpoint's rate limit before the run reads the others first, ms: Dutchie counts its limits by the minute. */
export const MAX_RATE_LIMIT_WAIT_MS = MINUTE_MS;
/**
 * How long a read waits at one page for its rate limit before the run reads the others first, ms. All waits at the page count
 * together. If it were shorter, a list with a long wait at every third page would never end: after the others it begins anew.
 */
export const MAX_PAGE_WAIT_MS = 15 * MINUTE_MS;

/**
 * How far back the next read begins because of failed rows, and for how long one row may cause that, ms. Lines that
 * Dutchie left out come within minutes, an outage lasts hours, and the nightly sync reads what is older.
 */
export const MAX_REREAD_MS = 24 * HOUR_MS;

// ---- Texts and numbers of a row -----------------------------------------------------------------------------------

/** Characters of a text; a longer one is cut. No name has 2,000 characters, and a row must fit D1's 2 MB. */
export const MAX_TEXT = 2_000;
/** Characters of an id. A longer one does not count as an id: cut, two ids could become one. */
export const MAX_ID = 200;
/** Rooms of a store. A store has a dozen; a list that never ends is not read further. */
export const MAX_ROOMS = 2_000;
/** Words for categories, and rooms with stock, of which a person is shown what they are mapped to: a store uses dozens. */
export const MAX_SHOWN_WORDS = 5_000;
/** Characters of a text whose words are looked up in ReUp's vocabulary. A category or a room has a few words. */
export const MAX_MAPPED_TEXT = 200;
/** Characters of a number, a time or a flag written as text. A longer one is not read, and no pattern is tried on it. */
export const MAX_NUMBER = 100;
/** The largest amount, positive or negative: far more than any store has, and still exact when it is rounded and added. */
export const LARGEST_NUMBER = 1e15;
/** The largest price, cost or amount of a sale, in the store's currency. A larger one is not read: the record keeps its own. */
export const LARGEST_MONEY = 1e7;
/** The largest quantity of a package: a thousand tonnes in grams. A row with a larger one fails. */
export const LARGEST_QUANTITY = 1e9;
/** The largest potency: ten kilograms in milligrams. */
export const LARGEST_POTENCY = 1e7;

// ---- What one read of a store takes -------------------------------------------------------------------------------
// Over all its requests and pages together: an endless list ends, and no store uses up the others' time.

/** Bytes: five times the largest catalogue known (50,000 products, about 110 MB). */
export const MAX_READ_BYTES = 512 * 1_048_576;
/** Rows: forty times that catalogue. */
export const MAX_READ_ROWS = 2_000_000;
/** Requests: 50,000 rows at 25 a page. At the slowest limit, 60 a minute, this many take over half an hour. */
export const MAX_READ_REQUESTS = 2_000;
/**
 * Products of one SKU. Real duplicates are a handful, so a SKU that this many products share identifies none of them.
 * The bound is needed because every row is compared with all others of its SKU.
 */
export const MAX_SKU_PRODUCTS = 200;
/** Products of one SKU, UPC or name that a row without a product id is compared with; a key that this many share identifies none. */
export const MAX_ALIKE_PRODUCTS = MAX_SKU_PRODUCTS;
/** Products that the catalogue has not stated, of which the ids are read at once; with more, the products that rows name are read. */
export const MAX_UNSETTLED = 500;
/** Example products that a review of such a SKU shows. */
export const MAX_SHARED_SHOWN = 20;
/** Waiting for Dutchie in one step of a message, ms: twice what the largest report needs. Waiting for our own database does not count. */
export const MAX_WAITED_MS = 2 * MINUTE_MS;
/** The same in the quick lane, ms: then the slow lane reads the step. Most stores wait a second or two. */
export const QUICK_WAITED_MS = 10 * SECOND_MS;
/** Waiting over all messages of one read that continues page by page, ms: a longer read is out of date when it ends. */
export const MAX_WAITED_IN_ALL_MS = 30 * MINUTE_MS;
/**
 * Time that one step may keep a consumer busy, ms, all work included. A message may begin it as late as `GO_ON_MS`; both
 * lie below the CPU limit (`cpu_ms` in wrangler.toml, 5 minutes), which would end the consumer without a reason in the run.
 */
export const MAX_TURN_MS = 4 * MINUTE_MS;
/** The same in the quick lane, ms: enough to import a catalogue of 50,000 products. */
export const QUICK_TURN_MS = MINUTE_MS;
/** Until when one message may begin another step, ms. Then the other stores of its queue have their turn. */
export const GO_ON_MS = 10 * SECOND_MS;
/** Waiting in a connection test, ms, while a person watches. Four requests at once count four times. */
export const MAX_WAITED_IN_TEST_MS = MINUTE_MS;

// ---- Answers ------------------------------------------------------------------------------------------------------

/** Bytes read of an error answer, and of an error's message or hint before it is shown: enough to find a key in it. */
export const MAX_ERROR_BYTES = 4_096;
/** Characters of Dutchie's own words that a message quotes. */
export const MAX_QUOTE = 200;
/**
 * Bytes of inventory, as JSON, that are collected until the answer ends, because a package's rows may stand anywhere in
 * it: some 80,000 rows, and in memory a good half of an isolate's 128 MB.
 */
export const MAX_COLLECTED_BYTES = 24 * 1_048_576;
/**
 * The same while other stores of the batch collect as well: a fifth, because five polls are read side by side (`max_batch_size`
 * in wrangler.toml). Some 16,000 rows; a larger inventory is read by the slow lane, one at a time.
 */
export const QUICK_COLLECTED_BYTES = MAX_COLLECTED_BYTES / 5;
/** Characters of such an answer in one call to the Location that keeps it: a call has 32 MB, and a character up to 3 bytes. */
export const MAX_KEPT_CHARS = 4_000_000;
/** Rows that are passed on together: as many as one D1 statement accepts in one JSON parameter. */
export const MAX_GROUP_ROWS = 1_000;
/** Characters of their JSON. A last row of 2 MB makes it 4 MB, and several times that when parsed; an isolate has 128 MB. */
export const MAX_GROUP_BYTES = 2 * 1_048_576;
/** Records of one answer that are checked for repeats: twice a large store's list, some 15 MB of memory. */
export const MAX_KNOWN_IDS = 100_000;
/** Failed rows that a run keeps with their reasons (the API contract). */
export const MAX_FAILURES = 100;
/** Rows that a run lists although they count as read, because a label could not be read: enough to see which labels. */
export const MAX_MINOR_FAILURES = 20;

// ---- Messages, calls, stored rows and answers ---------------------------------------------------------------------

/** Bytes of a message as JSON: a queue accepts 128 KB, and uses a little of that itself. */
export const MAX_MESSAGE_BYTES = 127_000;
/**
 * Bytes of the events, as JSON, in one call to a store's Location. The platform allows 32 MB, but a call that is not
 * answered in time is delivered again as a whole.
 */
export const MAX_CALL_BYTES = 1_000_000;
/** Characters of the rows, as JSON, in one call to a store's Location; the platform allows 32 MB. */
export const MAX_ROWS_BYTES = 4_000_000;
/** Characters of the reason why one row failed. */
export const MAX_REASON = 300;
/** Failed rows that an event's reason lists; the others are counted. */
export const MAX_EVENT_REASONS = 10;
/** Characters of a value in the change log: enough to recognise it. */
export const MAX_LOGGED_VALUE = 500;
/** Characters of a list's answer, as JSON: a page ends there. An isolate shares 128 MB among all its callers. */
export const MAX_PAGE_BYTES = 4_000_000;
/** Days of sales that are read at most, on demand and by the settings: no point of sale keeps more than ten years. */
export const MAX_HISTORY_DAYS = 3_650;
/** Days for which the lines of sales are kept at least: insights of customers look back over a quarter. */
export const MIN_DETAIL_DAYS = 100;
/** Sale lines that are compared with one page of a product's ledger: a page covers weeks at most. */
export const MAX_LEDGER_LINES = 5_000;
/** Items of one source in the inbox, and items that one request resolves: nobody works through more at once. */
export const MAX_INBOX_ITEMS = 500;
export const MAX_RESOLVED_ITEMS = 50;
/** Of the reason that a person gives for a decision: a long paragraph. The log of every changed record repeats it. */
export const DECISION_REASON = { max: 1_000, unit: "bytes" } as const;
/** Of a store's name, and of a product's texts but its name: a line of a list. */
export const SHORT_TEXT = { max: 200, unit: "characters" } as const;
/** Of a product's name: Dutchie's own have some 100. */
export const PRODUCT_NAME = { max: 500, unit: "characters" } as const;
/** Of ReUp's note about a product: a page. */
export const PRODUCT_NOTES = { max: 2_000, unit: "characters" } as const;
/** Characters of an Idempotency-Key, all of them ASCII; a UUID has 36, and 255 is what other APIs take. */
export const MAX_IDEMPOTENCY_KEY = 255;
/** Of a filter and a search: no id or SKU is longer. */
export const MAX_FILTER_TEXT = 200;
/** Words of a search: each is looked for in every record of a store. Nobody types more. */
export const MAX_SEARCH_WORDS = 8;
/** Rows before a numbered page: the database reads and skips them all. Cursors go further, and each page costs the same. */
export const MAX_SKIPPED_ROWS = 20_000;
/** Reads that fill one page of an earlier day's stock: packages that came later are read, too, and left out. */
export const MAX_STOCK_PAGES = 10;
/** Rows up to which the total beside a numbered page is counted, for the same reason; then the total is this number. */
export const MAX_COUNTED_ROWS = 100_000;
/** Products in each of the two rankings of the sales insights: nobody reads more, and both are stored for the day. */
export const MAX_RANKED = 50;
/** Characters of the token in the link of a consent e-mail: ours have some 500. */
export const MAX_LINK_TOKEN = 2_000;
/** Characters of an error's cause or place in our log. */
export const MAX_LOGGED = 500;
/** Characters of an id or a word in our log, and of an `x-request-id`. */
export const MAX_LOGGED_ID = 255;
/** Webhooks named in one line of the log: as many as a batch of the queue has. With their ids a line stays below the 256 KB that Workers Logs keeps. */
export const MAX_LOGGED_EVENTS = 100;
/** Characters of a store's id with a point in Analytics Engine, whose index has 96 bytes: our ids are ASCII. */
export const MAX_POINT_INDEX = 96;
/** Deliveries after which an event is given up, if its failure is not known to pass. They last an hour (retries.ts). */
export const MAX_EVENT_TRIES = 20;
/** Deliveries in which events are only applied together, if the failure is known to pass. They last a minute (retries.ts). */
export const MAX_TRIES_TOGETHER = 5;
/** Events in a row that fail alone, by a failure known to pass: the database is away, and must not be asked for each of them. */
export const MAX_FAILED_ALONE = 3;

// ---- Told to others -----------------------------------------------------------------------------------------------

/** Bytes of the records in one message to a receiver: the API contract's 100 KB, without the ids, numbers and names around them. */
export const MAX_CHANGE_MESSAGE_BYTES = 80_000;
/** Changes that one message tells of at most: small enough for any receiver to store in one go. */
export const MAX_TOLD_CHANGES = 100;
/** Ids that viewers of a store get with one event: a page of a list has fewer. */
export const MAX_CHANGED_IDS = 100;
/** Changes that one event for viewers tells of; the next one goes on. */
export const MAX_CHANGED = 1_000;
/** Waiting changes that are counted for one store and receiver: beyond that, people only need to know that they are many. */
export const MAX_WAITING_COUNTED = 10_000;
/** Subscriptions of a retailer: every change of a store is sent to each of them. */
export const MAX_SUBSCRIPTIONS = 20;
/** Stores that one subscription can name; more: all of them. */
export const MAX_NAMED_STORES = 500;

// ---- Databases ----------------------------------------------------------------------------------------------------

/** Bytes from which a database of records gets no new store: D1 ends at 10 GB, and the stores that are there still grow. */
export const FULL_SHARD_BYTES = 8_000_000_000;
/** Bytes that the database of accounts may have: where D1 ends. */
export const FULL_ACCOUNTS_BYTES = 10_000_000_000;
/** Bytes from which operators are warned: a month or more before it is full, as stores grow. */
export const SHARD_WARNING_BYTES = 6_400_000_000;
/** Databases are compared in steps of so many bytes, about a large store's first sync: less is no reason to prefer one. */
export const STORE_ROOM_BYTES = 250_000_000;
/** Rows of a store that one step of a move copies, below D1's 30 s and 2 MB a parameter; a row of `runs` may have 100 KB. */
export const MOVED_ROWS = 500;
export const MOVED_RUNS = 50;
/** Days whose sales lines one message rolls up: each is a transaction of some thousand rows. */
export const ROLLED_DAYS = 31;
/** How long nothing is applied to a store at most while its copy is proved, ms; queues wait longer than a day. */
export const MAX_FROZEN_MS = 10 * MINUTE_MS;
/** Failures after which a move is given up, of steps in a row (a minute and more) or of all its checks. */
export const MAX_MOVE_FAILURES = 5;
/** How long a moved store's old rows stay, ms: whoever has just read its row, or sends a long CSV, still reads them. */
export const MOVED_ROWS_KEPT_MS = 15 * MINUTE_MS;
/** Without a sign of life for so long, ms, the message that moves a store counts as lost. */
export const MOVE_LOST_MS = MINUTE_MS;
