import type { ClaimedPush } from "../../contract/location.ts";
import { chunks } from "../../db/bulk.ts";
import { nextFrom } from "../../domain/clock.ts";
import { LANE_LIMITS, type Lane } from "../../domain/limits/pace.ts";
import { pushEntries } from "../../domain/pushes/push.ts";
import { type IncomingProduct, mapProduct } from "../../domain/records/mapping.ts";
import type { DutchieClient } from "../../dutchie/client.ts";
import { decodeProduct } from "../../dutchie/decode/decode.ts";
import { DutchieReadError, dutchieError } from "../../dutchie/http/errors.ts";
import { Meter } from "../../dutchie/http/meter.ts";
import { writesSame } from "../../dutchie/profiles/whole-product.ts";
import { type LocationStub, locationStub } from "../../location/stub.ts";
import { connectedStore } from "../connected-store.ts";
import { checkLocation } from "../reading/check-location.ts";
import { clientOf, openConnection, UNOPENED } from "../reading/connection.ts";
import { readSince } from "../reading/read-since.ts";
import { failures, writeSparse, writeWhole } from "./push-write.ts";

/** A change that the first read missed may be listed by now: the second read begins this much before the first. */
const OVERLAP_MS = 5 * 60_000;

/**
 * Sends the due edits of a store's outbox to Dutchie: claim them, read the products again, let the Location decide, write,
 * finish. If a step fails, the push is claimed again and writes the same value. Always null: the Location itself sends
 * the next message.
 */
export async function push(env: Env, location_id: string, lane: Lane): Promise<null> {
  const location = await connectedStore(env, location_id);
  if (location === null) return null;
  const stub = locationStub(env, location_id);
  const { pushes, since, behind_ms } = await stub.claimPushes();
  if (pushes.length === 0) return null;
  const connection = await openConnection(env, location);
  if (connection === null) {
    await stub.finishPushes(failures(pushes, UNOPENED));
    return null;
  }
  const meter = new Meter(LANE_LIMITS[lane]);
  const client = clientOf(connection, { stub, reader: "pushes", meter });
  const { sparse } = client.profile.writes;
  const [alone, whole] = [pushes.filter(isSparse), pushes.filter((each) => !isSparse(each))];
  try {
    const wrong = await checkLocation(client, location);
    if (wrong !== null) {
      await stub.finishPushes(failures(pushes, wrong));
      return null;
    }
    if (alone.length > 0) await pushSparse(stub, client, alone, { since, behind_ms });
    if (whole.length > 0) await pushWhole(stub, client, whole);
  } finally {
    await stub.paced({ waited_ms: meter.waited_ms, took_ms: meter.took_ms });
  }
  return null;

  function isSparse({ fields }: ClaimedPush): boolean {
    return pushEntries(fields).every(([field]) => sparse.includes(field));
  }
}

/** Fields that Dutchie accepts alone. To decide, it is enough to read what changed in the products since the last read. */
async function pushSparse(stub: LocationStub, client: DutchieClient, pushes: ClaimedPush[], known: Known) {
  const read = await readChanged(client, idsOf(pushes), known);
  if (!read.ok) {
    await stub.finishPushes(failures(pushes, read.error));
    return;
  }
  const go = await stub.decidePushes(pushIds(pushes), read.rows, read.started_at, false);
  for (const group of chunks(go, client.profile.writes.sparseSize)) {
    await stub.finishPushes(await writeSparse(client, group));
  }
}

/** From when on changes are read, and how far behind Dutchie's clock was last, ms. */
interface Known {
  since: number;
  behind_ms: number;
}

async function readChanged(client: DutchieClient, ids: ReadonlySet<string>, { since, behind_ms }: Known) {
  const read = await readSince(client, "products", { modified_from: since }, behind_ms);
  if (!read.ok) return read;
  const rows = new Map<string, IncomingProduct>();
  try {
    for await (const chunk of read.rows) {
      for (const row of chunk.rows) {
        if (ids.has(row.dutchie_product_id)) keepNewest(rows, mapProduct(row));
      }
    }
  } catch (error) {
    if (error instanceof DutchieReadError) return { ok: false, error: error.error } as const;
    throw error;
  }
  return { ok: true as const, started_at: read.started_at, rows: [...rows.values()] };
}

/** A list may repeat a product without end. One row of each is kept: the newest, or the last of those without a time. */
function keepNewest(rows: Map<string, IncomingProduct>, row: IncomingProduct): void {
  const known = rows.get(row.dutchie_product_id)?.modified_at ?? null;
  const isOlder = known !== null && row.modified_at !== null && row.modified_at < known;
  if (!isOlder) rows.set(row.dutchie_product_id, row);
}

/**
 * The others are written as part of the whole product, with some sixty fields that nobody edited and ReUp does not keep. A false
 * one would be written, too, so the product is read twice and both must say the same. Dutchie cannot refuse a write that rests
 * on an old state, so the time between reading and writing is kept short: what changed meanwhile is read once more.
 */
async function pushWhole(stub: LocationStub, client: DutchieClient, pushes: ClaimedPush[]) {
  const ids = idsOf(pushes);
  const all = await client.readRaw(ids, {});
  const again = all.ok ? await client.readRaw(ids, {}) : all;
  const changed = again.ok
    ? await client.readRaw(ids, { modified_from: nextFrom(again.started_at, again.clock_reading) - OVERLAP_MS })
    : again;
  if (!all.ok || !again.ok || !changed.ok) {
    const failed = [all, again, changed].find((read) => !read.ok);
    if (failed?.ok === false) await stub.finishPushes(failures(pushes, failed.error));
    return;
  }
  const raw = new Map([...all.rows, ...again.rows, ...changed.rows]);
  const rows = [...raw.values()].flatMap((value) => {
    const decoded = decodeProduct(value);
    return decoded.ok ? [mapProduct(decoded.row)] : [];
  });
  const go = await stub.decidePushes(pushIds(pushes), rows, all.started_at, true);
  for (const each of go) {
    const id = each.dutchie_product_id;
    const row = raw.get(id);
    if (row === undefined) continue;
    const alike = [all, again, changed].filter(({ rows }) => writesSame(rows.get(id), row));
    await stub.finishPushes(alike.length < 2 ? failures([each], DIFFERENT) : [await writeWhole(client, each, row)]);
  }
}

const DIFFERENT = dutchieError("BAD_RESPONSE", "Two of Dutchie's answers in a row differ about the product", {
  hint: "Nothing was written, because all its fields would be written, too. ReUp tries again. If the error stays, make the change in Dutchie.",
});

const idsOf = (pushes: readonly ClaimedPush[]) => new Set(pushes.map(({ dutchie_product_id }) => dutchie_product_id));
const pushIds = (pushes: readonly ClaimedPush[]) => pushes.map(({ push_id }) => push_id);
