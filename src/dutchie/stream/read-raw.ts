import { type ClockReading, readStart } from "../../domain/clock.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { decodeProduct } from "../decode/decode.ts";
import type { ClientDeps, DutchieConfig } from "../http/config.ts";
import { DutchieReadError, dutchieError } from "../http/errors.ts";
import type { Meter } from "../http/meter.ts";
import { request } from "../http/request.ts";
import { listUrl } from "../list-url.ts";
import { PROFILES, type ReadWindow } from "../profiles/index.ts";
import { splitRows } from "./split.ts";

export type RawRead =
  | {
      ok: true /** T, as of `read`. */;
      started_at: number;
      clock_reading: ClockReading;
      rows: Map<string, Record<string, unknown>>;
    }
  | { ok: false; error: DutchieError };

/** Some products with every field that Dutchie sends: a whole write starts from them. Of the streamed list only these are kept. */
export async function readRaw(
  config: DutchieConfig,
  deps: ClientDeps & { meter: Meter },
  ids: ReadonlySet<string>,
  window: ReadWindow,
): Promise<RawRead> {
  const call = PROFILES[config.profile].resources.products;
  const url = listUrl(config, "products", window, deps);
  if (url === null) return { ok: false, error: dutchieError("ENOTFOUND", "The endpoint is not a web address") };
  const opened = await request(config, { url, rate: call.rate, role: call.role }, deps);
  if (!opened.ok) return opened;
  const { started, clock_reading, body } = opened.answer;
  const rows = new Map<string, Record<string, unknown>>();
  try {
    for await (const group of splitRows(body.chunks ?? none(), { names: ["products"] })) {
      deps.meter.count("rows", group.length);
      for (const row of group) {
        if (!row.ok) continue;
        const decoded = decodeProduct(row.value);
        if (!decoded.ok || !ids.has(decoded.row.dutchie_product_id)) continue;
        rows.set(decoded.row.dutchie_product_id, row.value as Record<string, unknown>);
      }
    }
  } catch (error) {
    if (error instanceof DutchieReadError) return { ok: false, error: error.error };
    throw error;
  } finally {
    await body.close();
  }
  return { ok: true, started_at: readStart(started, clock_reading), clock_reading, rows };
}

async function* none(): AsyncGenerator<Uint8Array, void, undefined> {}
