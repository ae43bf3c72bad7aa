import { UNASSIGNED_ROOM } from "../records/cells.ts";
import { hashOf } from "../records/decide.ts";
import type { DutchiePackage, RoomQuantity } from "../records/model.ts";
import { round4 } from "../values/number.ts";

/**
 * The rows of one answer that speak of one package, as one statement: its parts in rooms add up, and a part without a room
 * lies in none that was named. An identical row is the same row once more, and the order of the rows decides nothing.
 * A row with a list of rooms is a statement of its own.
 *
 * `whole`: the answer lists everything (a snapshot), so that a part without a room lies beside all that are named; but of
 * one of `failed` some row could not be read, and no more is known than the rooms that could.
 */
export function combinePackageRows(
  rows: readonly DutchiePackage[],
  given: { whole: boolean; failed: ReadonlySet<string> },
): DutchiePackage[] {
  const packages = Map.groupBy(rows, (row) => row.dutchie_inventory_id);
  return [...packages].flatMap(([id, group]) => {
    const parts = partsOf(group);
    const others = group.filter(({ fingerprint }) => fingerprint === undefined);
    return [...others, ...statement(parts, given.whole && !given.failed.has(id), given.whole)];
  });
}

/** What differs between parts comes from the one that was modified last, then from the one whose content is the greater. */
function partsOf(group: readonly DutchiePackage[]): DutchiePackage[] {
  const parts = new Map<string, DutchiePackage>();
  for (const row of group) if (row.fingerprint !== undefined) parts.set(row.fingerprint, row);
  return [...parts.values()]
    .map((row) => ({ row, hash: hashOf({ ...row, fingerprint: "" }) }))
    .sort((a, b) => (a.row.modified_at ?? 0) - (b.row.modified_at ?? 0) || (a.hash < b.hash ? -1 : 1))
    .map(({ row }) => row);
}

function statement(parts: readonly DutchiePackage[], isWhole: boolean, isSnapshot: boolean): DutchiePackage[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  // Of the rooms alone: a list that was cut off names fewer, and what lies in the others is a matter of absence (rule 3).
  if (isWhole || !isSnapshot) return [joined(first, rest)];
  // Of a part without a room it is not known what else lies in one.
  const [located, ...more] = parts.filter(({ rooms }) => rooms !== null);
  return located === undefined ? [] : [joined(located, more)];
}

function joined(first: DutchiePackage, rest: readonly DutchiePackage[]): DutchiePackage {
  if (rest.length === 0) return first;
  const parts = [first, ...rest];
  const times = parts.flatMap(({ modified_at }) => modified_at ?? []);
  const allocated = parts.flatMap((part) => part.allocated ?? []);
  // One by one: as arguments of one call, a hundred thousand parts would overflow the stack.
  const merged = { ...first };
  for (const part of rest) Object.assign(merged, part);
  const isLocated = parts.some(({ rooms }) => rooms !== null);
  return {
    ...merged,
    quantity: sum(parts.map(({ quantity }) => quantity)),
    ...(allocated.length === 0 ? {} : { allocated: sum(allocated) }),
    rooms: isLocated ? parts.flatMap(roomsOf) : null,
    scope: isLocated ? "room" : "package",
    modified_at: times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b)),
  };
}

const roomsOf = (part: DutchiePackage): RoomQuantity[] =>
  part.rooms ?? [{ room_name: UNASSIGNED_ROOM, quantity: part.quantity }];

const sum = (values: readonly number[]): number => round4(values.reduce((total, value) => total + value, 0));
