/**
 * The sequence numbers of a store's change log. They only grow, in the order in which the changes were committed, so a reader
 * that has one has everything before it. A number begins with a time (`FEW` × ms), but is always greater than the one before: it
 * runs ahead if a millisecond has more changes, or if a clock was set back.
 */

/** Numbers of a millisecond. With that, the numbers of this century are exact in JSON. */
const FEW = 1_000;
/** Digits of a number in a key: the numbers of the years 2001 to 2286 have 16. */
const DIGITS = 16;

/** No change from this time on (ms) has a smaller number, and no earlier one was numbered by the clock as high. */
export const firstSequence = (at: number): number => Math.max(0, at) * FEW;

/** The number as the id of a change begins with it. */
export const sequenceKey = (sequence: number): string => String(sequence).padStart(DIGITS, "0");

/** The number in the id of a change. */
export const sequenceOf = (change_id: string): number => Number(change_id.slice(0, DIGITS));

/** What follows the number in the id of a change. */
export const restOf = (change_id: string): string => change_id.slice(DIGITS);

/** Records that one entry of the log names at most, some 15 KB. Each takes a number, and the entry has the last of them. */
export const IDS_AN_ENTRY = 500;

/** Entries of one row of the log at most. */
export const ENTRIES_A_ROW = 16;

/** The part of the id after the number. */
export const AFTER_SEQUENCE = DIGITS + 1;

/** An id as of an entry of that time, for what has no entry. */
export const changeId = (at: number, rest: string): string => changeIdOf(firstSequence(at), rest);

export const changeIdOf = (sequence: number, rest: string): string => `${sequenceKey(sequence)}${rest}`;

/** Gives changes their numbers: after `head`, the store's newest, and at least those of their time. */
export function numberChanges<C extends { digest: string; at: number }>(
  changes: readonly C[],
  head: number,
): (C & { change_id: string })[] {
  let last = head;
  return changes.map((change) => {
    last = Math.max(last, firstSequence(change.at)) + 1;
    return { ...change, change_id: changeIdOf(last, change.digest) };
  });
}
