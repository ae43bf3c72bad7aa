import { FULL_SHARD_BYTES, SHARD_WARNING_BYTES, STORE_ROOM_BYTES } from "./bounds.ts";

/** A database of records. `bytes` null: it was never measured, so it is new. */
export interface Shard {
  shard: string;
  bytes: number | null;
  /** Stores whose records are here. */
  stores: number;
}

export type ShardState = "ok" | "filling" | "full";

export function shardState(bytes: number): ShardState {
  if (bytes >= FULL_SHARD_BYTES) return "full";
  return bytes >= SHARD_WARNING_BYTES ? "filling" : "ok";
}

/**
 * Where a new store goes: to the database with the most room, and at about equal room to the one with the fewest stores.
 * null: all are full.
 */
export function chooseShard(shards: readonly Shard[]): string | null {
  const room = ({ bytes }: Shard) => Math.floor((FULL_SHARD_BYTES - (bytes ?? 0)) / STORE_ROOM_BYTES);
  const [first] = shards
    .filter(({ bytes }) => shardState(bytes ?? 0) !== "full")
    .sort((a, b) => room(b) - room(a) || a.stores - b.stores || (a.shard < b.shard ? -1 : 1));
  return first?.shard ?? null;
}
