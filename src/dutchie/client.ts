import { type ClockReading, furtherOff, readStart } from "../domain/clock.ts";
import type { ReadBefore } from "../domain/limits/read-limits.ts";
import type { DutchieRows, Resource } from "../domain/records/model.ts";
import type { DutchieError } from "../domain/runs/failure.ts";
import { quickHash } from "../domain/values/quick-hash.ts";
import type { DecodedRows } from "./decode/decode.ts";
import { decodedGroups } from "./decode/decoded-groups.ts";
import { type Checks, checkedResult, checkedRows, checksOf } from "./http/checked-error.ts";
import type { ClientDeps, DutchieConfig } from "./http/config.ts";
import { DutchieReadError, dutchieError } from "./http/errors.ts";
import { Meter } from "./http/meter.ts";
import { nextPage } from "./http/paging.ts";
import { type Answer, request } from "./http/request.ts";
import { type WhoAmI, whoami } from "./http/whoami.ts";
import { listUrl } from "./list-url.ts";
import { PROFILES, type Profile, type ReadWindow, type WriteCall } from "./profiles/index.ts";
import { primed } from "./stream/primed.ts";
import { type RawRead, readRaw } from "./stream/read-raw.ts";
import { type SplitEnd, splitRows } from "./stream/split.ts";
import { type WriteResult, write } from "./write.ts";

/** At most 1,000 rows: as many as one D1 statement accepts in a single JSON parameter. */
export type RowChunk<R extends Resource> = DecodedRows<R> & {
  /** The page that it is of; null, or absent: the first. */
  page?: string | null;
  /** What of the list came before that page; null, or absent: unknown. */
  before?: ReadBefore | null;
};

export interface ReadOptions extends ReadWindow {
  /** Where an earlier read broke off (`DutchieReadError.page`). That read has handed out the rows before it. */
  page?: string;
  /** What of the list came before that page (`DutchieReadError.before`). */
  before?: ReadBefore | null;
}

export type ReadResult<R extends Resource> =
  | {
      ok: true;
      /** The T of a snapshot: when the request started, by Dutchie's clock as far as we trust it. With `page`: the T of the rest. */
      started_at: number;
      /** Dutchie's clock minus ours, from the answers so far. Where they differ: the largest difference. */
      clockReading: () => ClockReading;
      /** Ends only when everything is read; else throws DutchieReadError. Leaving it early (`return`) closes the connection. */
      rows: AsyncGenerator<RowChunk<R>, void, undefined>;
    }
  | { ok: false; error: DutchieError };

export interface DutchieClient {
  profile: Profile;
  /** How much this client has read from Dutchie. */
  meter: Meter;
  read<R extends Resource>(resource: R, options?: ReadOptions): Promise<ReadResult<R>>;
  whoami(): Promise<WhoAmI>;
  /** Products as Dutchie sent them, by Dutchie's id. One that Dutchie did not send is missing. */
  readRaw(ids: ReadonlySet<string>, window: ReadWindow): Promise<RawRead>;
  write(call: WriteCall): Promise<WriteResult>;
}

/** The client of one store's Dutchie. It never retries: the pipeline decides when to try again. */
export function createClient(config: DutchieConfig, given: ClientDeps = {}): DutchieClient {
  const profile = PROFILES[config.profile];
  const deps = { ...given, meter: given.meter ?? new Meter() };
  const checks = checksOf(config);
  return {
    profile,
    meter: deps.meter,
    read: async (resource, options = {}) =>
      checkedResult(await read(config, { ...deps, checks }, resource, options), checks),
    whoami: async () => checkedResult(await whoami(config, deps, profile), checks),
    readRaw: async (ids, window) => checkedResult(await readRaw(config, deps, ids, window), checks),
    write: async (call) => checkedResult(await write(config, deps, call), checks),
  };
}

async function read<R extends Resource>(
  config: DutchieConfig,
  deps: ClientDeps & { meter: Meter; checks: Checks },
  resource: R,
  options: ReadOptions,
): Promise<ReadResult<R>> {
  const profile = PROFILES[config.profile];
  const call = profile.resources[resource];
  const first = listUrl(config, resource, options, deps);
  if (first === null) return { ok: false, error: dutchieError("ENOTFOUND", "The endpoint is not a web address") };
  const from = nextPage(first, options.page, profile.location_parameter);
  if (!from.ok)
    return { ok: false, error: dutchieError("BAD_RESPONSE", `The read cannot continue at this page: ${from.reason}`) };

  let clock_reading: ClockReading = null;
  const ask = async (url: string) => {
    const asked = await request(config, { url, rate: call.rate, role: call.role }, deps);
    if (asked.ok) clock_reading = furtherOff(clock_reading, asked.answer.clock_reading);
    return asked;
  };
  const url = from.url ?? first;
  const opened = await ask(url);
  if (!opened.ok) return opened;
  const { answer } = opened;
  try {
    // Reads the first chunk now, so that an HTML page or a broken first row is an error value here, not an exception later.
    const before = options.page === undefined ? { rows: 0, pages: 0 } : (options.before ?? null);
    const found = pages(resource, { url, page: options.page ?? null, before, answer }, ask, { ...deps, profile });
    const rows = await primed(checkedRows(found, deps.checks));
    return {
      ok: true,
      started_at: readStart(answer.started, answer.clock_reading),
      clockReading: () => clock_reading,
      rows,
    };
  } catch (error) {
    if (error instanceof DutchieReadError) return { ok: false, error: error.error };
    throw error;
  }
}

interface Page {
  url: string;
  page: string | null;
  /** What of the list came before it; null: unknown. */
  before: ReadBefore | null;
  answer: Answer;
}

async function* pages<R extends Resource>(
  resource: R,
  first: Page,
  ask: (url: string) => ReturnType<typeof request>,
  { meter, profile }: { meter: Meter; profile: Profile },
): AsyncGenerator<RowChunk<R>, void, undefined> {
  const seen = new Set<string>();
  const sent = new Set<string>();
  let current = first;
  let count = first.before?.rows ?? 0;
  for (;;) {
    seen.add(current.url);
    const end = yield* rowsOf(resource, current, meter);
    // A page with the ends of an earlier one is that page: it may stand in the place of another one. Some servers send their first
    // page twice.
    if (!sent.has(end.ends)) count += end.count;
    sent.add(end.ends);
    const listed = current.answer.listed(count);
    const total_rows = larger(end.total_rows, listed.total_rows);
    const total_pages = larger(end.total_pages, listed.total_pages);
    if (listed.error !== null && end.next === null) throw failedAt(current, listed.error);
    const next = nextPage(current.url, end.next ?? listed.next, profile.location_parameter);
    if (!next.ok) throw failedAt(current, broken(`The next page of the list cannot be read: ${next.reason}`));
    const soFar = first.before === null ? null : { rows: count, pages: first.before.pages + sent.size };
    if (next.url === null) {
      // An older build noted only the page at which the read goes on.
      if (soFar === null) return;
      const cutShort = (announced: number, sent: number, what: string) =>
        new DutchieReadError(broken(`The list is incomplete: Dutchie announces ${announced} ${what} and sent ${sent}`));
      if (total_rows !== null && count < total_rows) throw cutShort(total_rows, count, "rows");
      if (total_pages !== null && soFar.pages < total_pages) throw cutShort(total_pages, soFar.pages, "pages");
      return;
    }
    if (seen.has(next.url)) throw failedAt(current, broken("The list has no end: its pages form a circle"));
    const opened = await ask(next.url);
    if (!opened.ok) throw failedAt({ page: next.page, before: soFar }, opened.error);
    current = { url: next.url, page: next.page, before: soFar, answer: opened.answer };
  }
}

/** One page's rows, decoded. `ends`: how many they are, the first and the last, which tell it from other pages. */
async function* rowsOf<R extends Resource>(
  resource: R,
  page: Page,
  meter: Meter,
): AsyncGenerator<RowChunk<R>, SplitEnd & { ends: string }, undefined> {
  const { body } = page.answer;
  let [begin, last]: (DutchieRows[R] | undefined)[] = [];
  try {
    const groups = decodedGroups(resource, splitRows(body.chunks ?? none(), { names: LIST_NAMES[resource] }));
    for (;;) {
      const step = await groups.next();
      if (step.done) return { ...step.value, ends: quickHash([step.value.count, begin ?? page.url, last]) };
      const { rows } = step.value;
      begin ??= rows[0];
      last = rows.at(-1) ?? last;
      meter.count("rows", rows.length + step.value.failures.length);
      yield { ...step.value, page: page.page, before: page.before };
    }
  } catch (error) {
    throw error instanceof DutchieReadError ? failedAt(page, error.error) : error;
  } finally {
    await body.close();
  }
}

/** Keys under which an answer may carry a list of these rows. */
const LIST_NAMES: Record<Resource, readonly string[]> = {
  products: ["products", "productlist"],
  inventory: ["inventory", "inventories", "packages", "inventoryitems", "inventorylist"],
  sales: ["transactions", "sales", "orders", "transactionlist"],
  rooms: ["rooms", "roomlist"],
};

const larger = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

async function* none(): AsyncGenerator<Uint8Array, void, undefined> {}

const broken = (message: string): DutchieError => dutchieError("BAD_RESPONSE", message);

const failedAt = ({ page, before }: Pick<Page, "page" | "before">, error: DutchieError): DutchieReadError =>
  new DutchieReadError(error, page, before);

export type { WhoAmI } from "./http/whoami.ts";
