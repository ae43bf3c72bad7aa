import { UNASSIGNED_ROOM } from "../records/cells.ts";
import { hashOf } from "../records/decide.ts";
import type { DutchiePackage, RoomQuantity } from "../records/model.ts";
import { round4 } from "../values/number.ts";
import { roomKey } from "../values/text.ts";

/**
 * Combines the rows of one package in one answer: its parts in rooms add up, and a part without a room lies in none of the
 * named rooms. An identical row is a repeat and counts once. The order of the rows does not matter. A row with a list of
 * rooms stays as it is.
 *
 * `whole`: the answer lists everything (a snapshot), so a part without a room is added to the named rooms. `failed`: ids of
 * packages of which some row could not be read; for these only the readable rooms are known. `row_per_room`: this Dutchie lists
 * a package in several rows. Where it does not, two rows of one room are two states of it: they do not add up, and stay apart.
 */
export function combinePackageRows(
  rows: readonly DutchiePackage[],
  given: { whole: boolean; failed: ReadonlySet<string>; row_per_room: boolean },
): DutchiePackage[] {
  const packages = Map.groupBy(rows, (row) => row.dutchie_inventory_id);
  return [...packages].flatMap(([id, group]) => {
    if (!given.row_per_room && namesRoomTwice(group)) return group;
    const parts = partsOf(group);
    const others = group.filter(({ fingerprint }) => fingerprint === undefined);
    return [...others, ...statement(parts, given.whole && !given.failed.has(id), given.whole)];
  });
}

function namesRoomTwice(group: readonly DutchiePackage[]): boolean {
  const rooms = group.flatMap(({ rooms }) =>
    (rooms ?? [null]).map((room) => (room === null ? null : roomKey(room.room_name))),
  );
  return new Set(rooms).size < rooms.length;
}

/** The parts in the order in which they overwrite each other: by last-modified, then by the hash of their content. */
function partsOf(group: readonly DutchiePackage[]): DutchiePackage[] {
  const parts = new Map<string, DutchiePackage>();
  for (const row of group) if (row.fingerprint !== undefined) parts.set(row.fingerprint, row);
  return [...parts.values()]
    .map((row) => ({ row, hash: hashOf({ ...said(row), fingerprint: "" }) }))
    .sort((a, b) => (a.row.modified_at ?? 0) - (b.row.modified_at ?? 0) || (a.hash < b.hash ? -1 : 1))
    .map(({ row }) => row);
}

function statement(parts: readonly DutchiePackage[], isWhole: boolean, isSnapshot: boolean): DutchiePackage[] {
  const [first, ...rest] = parts;
  if (first === undefined) return [];
  // Scope `room`: a list that was cut off has fewer rooms, and absence decides about the others (rule 3).
  if (isWhole || !isSnapshot) return [joined(first, rest)];
  // Part of the package could not be read, so a part without a room may belong to any room.
  const [located, ...more] = parts.filter(({ rooms }) => rooms !== null);
  return located === undefined ? [] : [joined(located, more)];
}

function joined(first: DutchiePackage, rest: readonly DutchiePackage[]): DutchiePackage {
  if (rest.length === 0) return first;
  const parts = [first, ...rest];
  const times = parts.flatMap(({ modified_at }) => modified_at ?? []);
  const allocated = parts.flatMap((part) => part.allocated ?? []);
  // In a loop: as arguments of one call, a hundred thousand parts would overflow the stack.
  const merged = { ...first };
  for (const part of rest) Object.assign(merged, said(part));
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

/** Only what the row states: a field that one part leaves out stays as another part states it. */
const said = (part: DutchiePackage): Partial<DutchiePackage> =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));

const roomsOf = (part: DutchiePackage): RoomQuantity[] =>
  part.rooms ?? [{ room_name: UNASSIGNED_ROOM, quantity: part.quantity }];

const sum = (values: readonly number[]): number => round4(values.reduce((total, value) => total + value, 0));
