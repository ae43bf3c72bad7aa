import fc from "fast-check";
import { expect, it } from "vitest";
import { MAX_FROZEN_MS, MAX_MOVE_FAILURES, MOVE_LOST_MS, MOVED_ROWS_KEPT_MS } from "../../../src/domain/bounds.ts";
import {
  afterChunk,
  afterCopy,
  afterFailure,
  afterRow,
  afterSwitch,
  ended,
  isFrozen,
  type Move,
  moveDueAt,
  newMove,
} from "../../../src/domain/move.ts";

const T = 1_760_000_000_000;
const begun = newMove("00", "01", T);

it("A move copies table after table, freezes for the check, and deletes the old rows a while after the switch", () => {
  const some = afterChunk(begun, { after: ["prd_9"], rows: 500 }, T + 1);
  expect(some).toMatchObject({ table: 0, after: ["prd_9"], rows: 500, stepped_at: T + 1 });
  const all = afterChunk(some, { after: null, rows: 20 }, T + 2);
  expect(all).toMatchObject({ table: 1, after: null, rows: 520 });
  expect(isFrozen(all, T + 2)).toBe(false);
  const checking = afterCopy(all, T + 3);
  expect(checking).toMatchObject({ phase: "checking", table: 0, after: null, rows: 520 });
  expect(isFrozen(checking, T + 4)).toBe(true);
  // The check reads the rows again: they count once.
  expect(afterChunk(checking, { after: null, rows: 500 }, T + 4).rows).toBe(520);
  const clearing = afterSwitch(checking, T + 5);
  expect(isFrozen(clearing, T + 5)).toBe(false);
  expect(clearing.clear).toEqual({ shard: "00", at: T + 5 + MOVED_ROWS_KEPT_MS });
  expect(ended(clearing, T + 6)).toMatchObject({ state: "done", rows: 520, error: null });
});

it("A store is never frozen for longer than the limit, whatever becomes of whoever froze it", () => {
  const checking = afterCopy(begun, T);
  expect(isFrozen(checking, T + MAX_FROZEN_MS)).toBe(true);
  expect(isFrozen(checking, T + MAX_FROZEN_MS + 1)).toBe(false);
  expect(isFrozen(null, T)).toBe(false);
});

it("A failed check ends the freeze and copies all again; a move that keeps failing clears what it has copied", () => {
  const failed = afterFailure(afterCopy(begun, T), "away", T + 1);
  expect(failed).toMatchObject({
    phase: "copying",
    table: 0,
    after: null,
    failures: 1,
    error: "away",
    frozen_at: null,
  });
  const copying = afterFailure(afterChunk(begun, { after: ["a"], rows: 1 }, T), "away", T);
  expect(copying).toMatchObject({ phase: "copying", after: ["a"], rows: 1 });
  let move: Move = begun;
  for (let n = 0; n < MAX_MOVE_FAILURES; n++) move = afterFailure(move, "away", T + n);
  expect(move).toMatchObject({ phase: "clearing", clear: null });
  move = afterRow(move, "00", T + 8);
  expect(move).toMatchObject({ phase: "clearing", clear: { shard: "01", at: T + 8 } });
  expect(ended(move, T + 9)).toMatchObject({ state: "failed", error: "away" });
  // Deleting is tried for ever: the rows must go.
  expect(afterFailure(move, "still away", T + 10)).toMatchObject({ phase: "clearing", clear: move.clear });
});

it.each([1, MAX_MOVE_FAILURES - 1])(
  "A copy that fails %i times, and then goes on, may fail as often again",
  (times) => {
    let move = begun;
    for (let n = 0; n < 20; n++) {
      for (let each = 0; each < times; each++) move = afterFailure(move, "away", T);
      expect(move).toMatchObject({ phase: "copying", failures: times });
      move = afterChunk(move, { after: [`k${n}`], rows: 1 }, T);
      expect(move.failures).toBe(0);
    }
  },
);

it("Checks that fail give the move up, however well it is copied between them", () => {
  let move = begun;
  let checks = 0;
  for (; move.phase !== "clearing"; checks++) {
    move = afterChunk(move, { after: null, rows: 9 }, T);
    move = afterChunk(afterCopy(move, T), { after: ["k"], rows: 9 }, T);
    move = afterFailure(move, "differs", T);
  }
  expect(checks).toBe(MAX_MOVE_FAILURES);
});

it.each([1, 2, MAX_MOVE_FAILURES])("A switch whose answer was lost as failure %i is made all the same", (failures) => {
  let move = begun;
  for (let n = 1; n < failures; n++) move = afterFailure(afterCopy(move, T), "differs", T);
  // The store's row names the new database, but the Location hears only of a lost connection.
  move = afterFailure(afterCopy(move, T), "lost", T);
  expect(afterRow(move, "01", T + 1)).toEqual(afterSwitch(move, T + 1));
  // A row that was not changed: the move goes on, or clears what it has copied.
  const clear = failures < MAX_MOVE_FAILURES ? null : { shard: "01", at: T + 1 };
  expect(afterRow(move, "00", T + 1)).toEqual({ ...move, clear });
});

/** A move and its store's row after these acts. Each step begins with reading the row; "lost": it was changed, and the answer was lost. */
function played(acts: readonly string[]): { move: Move; shard: string; freezes: number } {
  let [move, shard, freezes] = [begun, "00", 0];
  for (const act of acts) {
    move = afterRow(move, shard, T);
    if (act === "failed") move = afterFailure(move, "x", T);
    else if (move.phase === "clearing") continue;
    else if (act === "chunk") move = afterChunk(move, { after: ["k"], rows: 1 }, T);
    else if (act === "table") move = afterChunk(move, { after: null, rows: 1 }, T);
    else if (act === "copied" && move.phase === "copying") {
      move = afterCopy(move, T);
      freezes++;
    } else if (move.phase === "checking" && (act === "switched" || act === "lost")) {
      shard = move.to;
      move = act === "lost" ? afterFailure(move, "x", T) : afterSwitch(move, T);
    }
    expect(isFrozen(move, T)).toBe(move.phase === "checking");
    if (move.clear !== null) expect(move.clear.shard).not.toBe(shard);
  }
  return { move, shard, freezes };
}
const acts = fc.array(fc.constantFrom("chunk", "table", "copied", "switched", "failed", "lost"), { maxLength: 60 });

it("Only the database that the store is not on is ever cleared, in any order of steps, failures and lost answers", () => {
  fc.assert(fc.property(acts, (given) => void played(given)));
});

it("A store stands still for a move a few times at most, in any order of steps and failures", () => {
  fc.assert(fc.property(acts, (given) => played(given).freezes <= MAX_MOVE_FAILURES));
});

it("Whatever a move went through, it ends: with the store on the new database, or on the old one after too many failures", () => {
  fc.assert(
    fc.property(acts, (given) => {
      const { move, shard } = played([...given, "copied", "switched", "chunk"]);
      expect(move).toMatchObject({ phase: "clearing", clear: { shard: shard === "01" ? "00" : "01" } });
      expect(ended(move, T).state).toBe(shard === "01" ? "done" : "failed");
    }),
  );
});

it("A lost message is noticed a minute after it should have come", () => {
  expect(moveDueAt(null)).toBeNull();
  expect(moveDueAt(begun)).toBe(T + MOVE_LOST_MS);
  expect(moveDueAt(afterSwitch(begun, T))).toBe(T + MOVED_ROWS_KEPT_MS + MOVE_LOST_MS);
});
