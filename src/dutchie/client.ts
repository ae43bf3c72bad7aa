import { type ClockReading, furtherOff, readStart } from "../domain/clock.ts";
import type { Resource } from "../domain/records/model.ts";
import type { DutchieError } from "../domain/runs/failure.ts";
import { type DecodedRows, decodeRows, idInText } from "./decode/decode.ts";
import { type Checks, checkedResult, checkedRows, checksOf } from "./http/checked-error.ts";
import type { ClientDeps, DutchieConfig } from "./http/config.ts";
import { DutchieReadError, dutchieError } from "./http/errors.ts";
import { Meter } from "./http/meter.ts";
import { nextPage } from "./http/paging.ts";
import { type Answer, request, urlOf } from "./http/request.ts";
import { type WhoAmI, whoami } from "./http/whoami.ts";
import { PROFILES, type Profile, type ReadWindow, type WriteCall } from "./profiles/index.ts";
import { primed } from "./stream/primed.ts";
import { type RawRead, readRaw } from "./stream/read-raw.ts";
import { inGroups, type SplitEnd, type SplitRow, splitRows } from "./stream/split.ts";
import { type WriteResult, write } from "./write.ts";

/** At most 500 rows: what one D1 statement takes in a single JSON parameter. */
export type RowChunk<R extends Resource> = DecodedRows<R>;

export interface ReadOptions extends ReadWindow {
  /** Where an earlier read broke off (`DutchieReadError.page`); the rows before it were handed out then. */
  page?: string;
}

export type ReadResult<R extends Resource> =
  | {
      ok: true;
      /** The T of a snapshot (with `page`: of its rest): when the request started, on Dutchie's clock as far as that is believed. */
      started_at: number;
      /** Dutchie's clock minus ours as the answers so far have it; where they differ, what is furthest off. */
      clockReading: () => ClockReading;
      /** Ends only when everything was read; breaks with DutchieReadError. Leaving it early (`return`) closes the connection. */
      rows: AsyncGenerator<RowChunk<R>, void, undefined>;
    }
  | { ok: false; error: DutchieError };

export interface DutchieClient {
  profile: Profile;
  /** What was taken of Dutchie by this client. */
  meter: Meter;
  read<R extends Resource>(resource: R, options?: ReadOptions): Promise<ReadResult<R>>;
  whoami(): Promise<WhoAmI>;
  /** Products as they came, by Dutchie's id; what was not there is missing. */
  readRaw(ids: ReadonlySet<string>, window: ReadWindow): Promise<RawRead>;
  write(call: WriteCall): Promise<WriteResult>;
}

/** Speaks to one store's Dutchie. Never retries: waiting and going on is the pipeline's business. */
export function createClient(config: DutchieConfig, given: ClientDeps = {}): DutchieClient {
  const profile = PROFILES[config.profile];
  const deps = { ...given, meter: given.meter ?? new Meter() };
  const checks = checksOf(config);
  return {
    profile,
    meter: deps.meter,
    read: async (resource, options = {}) =>
      checkedResult(await read(config, { ...deps, checks }, profile, resource, options), checks),
    whoami: async () => checkedResult(await whoami(config, deps, profile), checks),
    readRaw: async (ids, window) => checkedResult(await readRaw(config, deps, profile, ids, window), checks),
    write: async (call) => checkedResult(await write(config, deps, call), checks),
  };
}

async function read<R extends Resource>(
  config: DutchieConfig,
  deps: ClientDeps & { meter: Meter; checks: Checks },
  profile: Profile,
  resource: R,
  options: ReadOptions,
): Promise<ReadResult<R>> {
  const call = profile.resources[resource];
  const query = call.query(options, (deps.now ?? Date.now)());
  if (profile.location_parameter !== null && config.location_id) query[profile.location_parameter] = config.location_id;
  const first = urlOf(config.endpoint, call.path, query);
  if (first === null) return { ok: false, error: dutchieError("ENOTFOUND", "The endpoint is not a web address") };
  const from = nextPage(first, options.page);
  if (!from.ok)
    return { ok: false, error: dutchieError("BAD_RESPONSE", `The page to go on from cannot be read: ${from.reason}`) };

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
    // The first chunk is read ahead, so that a page of HTML or a broken first row is an answer, not an exception later on.
    const found = pages(resource, { url, page: options.page ?? null, answer }, ask, deps.meter);
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
  answer: Answer;
}

async function* pages<R extends Resource>(
  resource: R,
  first: Page,
  ask: (url: string) => ReturnType<typeof request>,
  meter: Meter,
): AsyncGenerator<RowChunk<R>, void, undefined> {
  const seen = new Set<string>();
  let current = first;
  let count = 0;
  for (;;) {
    seen.add(current.url);
    const end = yield* rowsOf(resource, current, meter);
    const next = nextPage(current.url, end.next);
    if (!next.ok) throw broken(`The list cannot be read on: ${next.reason}`, current.page);
    count += end.count;
    if (next.url === null) {
      // Of a read that goes on in the middle, the rows before it are not counted here.
      const isWhole = first.page === null;
      if (isWhole && end.total_rows !== null && count < end.total_rows)
        throw broken(`The list is not whole: Dutchie tells of ${end.total_rows} rows, and ${count} came`, null);
      if (isWhole && end.total_pages !== null && seen.size < end.total_pages)
        throw broken(`The list is not whole: Dutchie tells of ${end.total_pages} pages, and ${seen.size} came`, null);
      return;
    }
    if (seen.has(next.url)) throw broken("The pages of the list go round in a circle", current.page);
    const opened = await ask(next.url);
    if (!opened.ok) throw new DutchieReadError(opened.error, next.page);
    current = { url: next.url, page: next.page, answer: opened.answer };
  }
}

/** One page's rows, decoded. */
async function* rowsOf<R extends Resource>(
  resource: R,
  page: Page,
  meter: Meter,
): AsyncGenerator<RowChunk<R>, SplitEnd, undefined> {
  const { body } = page.answer;
  try {
    const groups: AsyncGenerator<SplitRow[], SplitEnd, undefined> = inGroups(
      splitRows(body.chunks ?? none(), { names: LIST_NAMES[resource] }),
    );
    for (;;) {
      const step = await groups.next();
      if (step.done) return step.value;
      meter.count("rows", step.value.length);
      yield decodeGroup(resource, step.value);
    }
  } catch (error) {
    throw error instanceof DutchieReadError ? new DutchieReadError(error.error, page.page) : error;
  } finally {
    await body.close();
  }
}

function decodeGroup<R extends Resource>(resource: R, group: SplitRow[]): RowChunk<R> {
  const chunk = decodeRows(
    resource,
    group.flatMap((row) => (row.ok ? [row.value] : [])),
  );
  for (const row of group) {
    if (!row.ok) chunk.failures.push({ resource, dutchie_id: idInText(resource, row.text), reason: row.reason });
  }
  return chunk;
}

/** What a list of these rows is called in an answer that wraps it. */
const LIST_NAMES: Record<Resource, readonly string[]> = {
  products: ["products", "productlist"],
  inventory: ["inventory", "inventories", "packages", "inventoryitems", "inventorylist"],
  sales: ["transactions", "sales", "orders", "transactionlist"],
  rooms: ["rooms", "roomlist"],
};

async function* none(): AsyncGenerator<Uint8Array, void, undefined> {}

function broken(message: string, page: string | null): DutchieReadError {
  return new DutchieReadError(dutchieError("BAD_RESPONSE", message), page);
}

export type { WhoAmI } from "./http/whoami.ts";
