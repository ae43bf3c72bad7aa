import { MESSAGE_VERSION, type SyncMessage } from "../contract/messages.ts";
import { COPIED_TABLES, copyChunk } from "../db/copy-store.ts";
import { accountsDb, recordsDb, shardsOf } from "../db/databases.ts";
import { deleteRecords } from "../db/delete-store.ts";
import { updateLocation } from "../db/locations.ts";
import { sizeOf } from "../db/shards.ts";
import {
  afterChunk,
  afterCopy,
  afterFailure,
  afterRow,
  afterSwitch,
  cutOff,
  ended,
  isFrozen,
  type Move,
  moveDueAt,
  newMove,
} from "../domain/move.ts";
import { shardState } from "../domain/shards.ts";
import { causeOf } from "../platform/failures.ts";
import { log } from "../platform/log.ts";
import type { StoreContext } from "./context.ts";
import type { Store } from "./storage/store.ts";

export type StartMoveResult =
  | { ok: true }
  | { ok: false; reason: "not_found" | "moving" | "there" | "unknown_shard" | "full" };

/** Begins to move the store's records to another database. */
export async function startMove({ env, store, location, now }: StoreContext, to: string): Promise<StartMoveResult> {
  const target = shardsOf(env).get(to);
  if (target === undefined) return { ok: false, reason: "unknown_shard" };
  if (store.get("move") !== null) return { ok: false, reason: "moving" };
  if (location.shard === to) return { ok: false, reason: "there" };
  if (shardState(await sizeOf(target)) === "full") return { ok: false, reason: "full" };
  store.put("move", newMove(location.shard, to, now));
  await askForMove(env, location.location_id);
  return { ok: true };
}

/** The store was disconnected on its way to another database and is connected again: the rows that are not its own go. */
export async function clearAfterDisconnection({ env, store, location, now }: StoreContext): Promise<void> {
  const { location_id, shard, other_shard } = location;
  if (other_shard === null || store.get("move") !== null) return;
  store.put("move", cutOff(shard, other_shard, now));
  await askForMove(env, location_id);
}

/** The timer: the message that drives the move may have got lost. */
export async function resumeMove(given: Pick<StoreContext, "env" | "store" | "now"> & { location_id: string }) {
  const move = given.store.get("move");
  const due_at = moveDueAt(move);
  if (move === null || due_at === null || due_at > given.now) return;
  given.store.put("move", { ...move, stepped_at: given.now });
  await askForMove(given.env, given.location_id);
}

const askForMove = (env: Env, location_id: string) =>
  env.CHORES.send({ kind: "move", v: MESSAGE_VERSION, location_id } satisfies SyncMessage);

/** Throws while nothing may be applied: whoever wants to tries again in a moment. */
export function refuseWhileFrozen(store: Store, now: number): void {
  if (isFrozen(store.get("move"), now)) throw new Error("Service unavailable: the store is being moved.");
}

/** The first wait after a failed step, ms; each further one is twice as long. */
const RETRY_MS = 5_000;

/** One bounded step of the move. null: there is none any more; else go on after so many ms. */
export async function moveStep(context: StoreContext): Promise<number | null> {
  const { store, location, now } = context;
  const move = store.get("move");
  if (move === null) return null;
  try {
    return await step(context, move);
  } catch (error) {
    const failed = afterFailure(store.get("move") ?? move, causeOf(error), now);
    store.put("move", failed);
    log("move_failed", { location_id: location.location_id, shard: move.to, attempt: failed.failures, cause: error });
    return RETRY_MS * 2 ** Math.min(failed.failures - 1, 6);
  }
}

async function step({ env, store, location, now }: StoreContext, kept: Move): Promise<number | null> {
  const { location_id } = location;
  const at = (shard: string) => recordsDb(env, { location_id, shard });
  const move = afterRow(kept, location.shard, now);
  store.put("move", move);
  if (move.clear !== null) {
    const { shard, at: clear_at } = move.clear;
    if (now < clear_at) return clear_at - now;
    if (shard === location.shard) throw new Error("The store's own records are not deleted.");
    store.put("move", { ...move, stepped_at: now });
    if (await deleteRecords(at(shard), location_id)) return 0;
    await updateLocation(accountsDb(env), location_id, { other_shard: null });
    const over = ended(move, now);
    store.put("last_move", over);
    store.remove("move");
    log("move_ended", { location_id, shard: move.to, outcome: over.state === "done" ? "done" : "given_up" });
    return null;
  }
  if (location.other_shard !== move.to) await updateLocation(accountsDb(env), location_id, { other_shard: move.to });
  const table = COPIED_TABLES[move.table];
  if (table === undefined) {
    if (move.phase === "copying") {
      store.put("move", afterCopy(move, now));
      return 0;
    }
    if (!isFrozen(move, now)) throw new Error("The check took too long.");
    await updateLocation(accountsDb(env), location_id, { shard: move.to, other_shard: move.from });
    const switched = afterSwitch(move, now);
    store.put("move", switched);
    return (switched.clear?.at ?? now) - now;
  }
  if (move.phase === "checking" && !isFrozen(move, now)) throw new Error("The check took too long.");
  const { after } = move;
  const prove = move.phase === "checking";
  const done = await copyChunk({ from: at(move.from), to: at(move.to), table, location_id, after, prove });
  store.put("move", afterChunk(move, done, now));
  return 0;
}
