import { MAX_FROZEN_MS, MAX_MOVE_FAILURES, MOVE_LOST_MS, MOVED_ROWS_KEPT_MS, OWN_CLOCKS_MS } from "./bounds.ts";

/**
 * The records of a store on their way to another database. They are copied while the store works. Then nothing is applied for
 * a moment ("frozen") while all rows are compared and corrected; then the store's row names the other database; at last the old
 * rows are deleted. A crash at any point repeats a step. A move that keeps failing is undone.
 */
export interface Move {
  from: string;
  to: string;
  phase: "copying" | "checking" | "clearing";
  /** Where to go on: the table, and the key of its last copied row. */
  table: number;
  after: readonly string[] | null;
  /** Rows copied by the first pass. */
  rows: number;
  /** Failed steps in a row. */
  failures: number;
  /** Failed checks of this move: the store stood still for each. */
  failed_checks: number;
  /** Why the last step failed; after the end of the move: why it was given up. */
  error: string | null;
  started_at: number;
  /** Since when nothing is applied. */
  frozen_at: number | null;
  /** While clearing: the database whose rows go, and when. null: the move was given up, and the store's row decides. */
  clear: { shard: string; at: number } | null;
  /** The last sign of life. */
  stepped_at: number;
}

export interface EndedMove extends Pick<Move, "from" | "to" | "rows" | "error" | "started_at"> {
  state: "done" | "failed";
  finished_at: number;
}

export const newMove = (from: string, to: string, now: number): Move => ({
  from,
  to,
  phase: "copying",
  table: 0,
  after: null,
  rows: 0,
  failures: 0,
  failed_checks: 0,
  error: null,
  started_at: now,
  frozen_at: null,
  clear: null,
  stepped_at: now,
});

/** A chunk was copied. `after`: its last key; null: it was the table's last. */
export function afterChunk(move: Move, done: { after: readonly string[] | null; rows: number }, now: number): Move {
  const rows = move.phase === "copying" ? move.rows + done.rows : move.rows;
  const place = done.after === null ? { table: move.table + 1, after: null } : { after: done.after };
  return { ...move, ...place, rows, failures: 0, stepped_at: now };
}

/** All tables were copied: from now on nothing is applied, and the second pass makes the copy equal and proves it. */
export const afterCopy = (move: Move, now: number): Move => ({
  ...move,
  phase: "checking",
  table: 0,
  after: null,
  frozen_at: now,
  stepped_at: now,
});

/** The store's row names the other database. */
export const afterSwitch = (move: Move, now: number): Move => ({
  ...move,
  phase: "clearing",
  failures: 0,
  error: null,
  frozen_at: null,
  clear: { shard: move.from, at: now + MOVED_ROWS_KEPT_MS },
  stepped_at: now,
});

/**
 * A step begins, and the store's row names this database. The row alone says whether the switch was made: the answer to its write
 * may have been lost. So nothing is deleted before the row was read.
 */
export function afterRow(move: Move, shard: string, now: number): Move {
  if (move.clear !== null) return move;
  if (shard === move.to) return afterSwitch(move, now);
  return move.phase === "clearing" ? { ...move, clear: { shard: move.to, at: now } } : move;
}

/**
 * A step failed. The store works on meanwhile, so a failed check means that all is copied once more. A long copy may fail now
 * and then; failed checks count for as long as the move lasts.
 */
export function afterFailure(move: Move, error: string, now: number): Move {
  const failures = move.failures + 1;
  const failed_checks = move.failed_checks + (move.phase === "checking" ? 1 : 0);
  const failed = { ...move, failures, failed_checks, error, frozen_at: null, stepped_at: now };
  if (move.phase === "clearing") return failed;
  if (Math.max(failures, failed_checks) >= MAX_MOVE_FAILURES) return { ...failed, phase: "clearing" };
  return move.phase === "copying" ? failed : { ...failed, phase: "copying", table: 0, after: null, rows: 0 };
}

/**
 * What is left of a move whose store was disconnected: rows in a database that the store's row does not name. It may have named it
 * a moment ago, so they stay as long as after a switch.
 */
export const cutOff = (shard: string, other: string, now: number): Move => ({
  ...newMove(shard, other, now),
  phase: "clearing",
  error: "The store was disconnected while its records moved.",
  clear: { shard: other, at: now + MOVED_ROWS_KEPT_MS },
});

export const ended = (move: Move, now: number): EndedMove => {
  const { from, to, rows, started_at, error, clear } = move;
  const isDone = clear?.shard === from;
  return {
    from,
    to,
    rows,
    started_at,
    finished_at: now,
    state: isDone ? "done" : "failed",
    error: isDone ? null : error,
  };
};

/** Whether nothing may be applied to the store now. A freeze that lasts too long is over by itself, also one from before our clock was set back. */
export const isFrozen = (move: Move | null, now: number): boolean => {
  if (move === null || move.frozen_at === null) return false;
  const lasted = now - move.frozen_at;
  return lasted >= -OWN_CLOCKS_MS && lasted <= MAX_FROZEN_MS;
};

/** When to see whether the message that drives the move was lost; null: there is no move. */
export const moveDueAt = (move: Move | null): number | null =>
  move === null ? null : Math.max(move.stepped_at, move.clear?.at ?? 0) + MOVE_LOST_MS;
