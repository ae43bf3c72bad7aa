import { asBelieved } from "../clock.ts";
import { fitRooms, reserve, UNASSIGNED_ROOM } from "../records/cells.ts";
import { type Change, creationBy, creationOf, type Origin } from "../records/change.ts";
import { changeOf, decide, diff, differenceOf, isBelowFloor, type Outcome, provenAt } from "../records/decide.ts";
import type { Difference } from "../records/drift.ts";
import { hintKey, type IncomingPackage, type ProductHint } from "../records/mapping.ts";
import type { InventoryContent, RowFailure } from "../records/model.ts";
import { type Counts, type InventoryRow, NO_COUNTS } from "../records/records.ts";
import { addPackageStatement, isSameStated, type StatedPackage, statedOr } from "../records/stated.ts";
import { behindStored, compareVersions, contentHash, type Read, type Version, versionOf } from "../records/version.ts";
import { round4, round4OrNull } from "../values/number.ts";
import { chargedPrice } from "../values/price.ts";
import { quickHash } from "../values/quick-hash.ts";
import { remembered } from "../values/remembered.ts";
import { roomKey } from "../values/text.ts";

export interface InventoryPlan {
  /** Rows to write, each package and room once. */
  rows: InventoryRow[];
  changes: Change[];
  counts: Counts;
  differences: Difference[];
  failures: RowFailure[];
  /** Ids of all rows that the incoming packages cover: they are not absent. */
  seen: string[];
  /** One per incoming package, in order; null where it failed. */
  outcomes: (Outcome | null)[];
}

interface Given {
  incoming: readonly IncomingPackage[];
  /** Stored rows by Dutchie inventory id, tombstones too. */
  stored: ReadonlyMap<string, readonly InventoryRow[]>;
  /** ReUp's product id by Dutchie's, or by the `hintKey` of a row without one. */
  productIds: ReadonlyMap<string, string>;
  read: Read;
  floor: number;
  now: number;
  origin: Origin;
  /** Whether to say how the rows differ from what is stored, for a verification; absent: yes. */
  compares?: boolean;
}

/**
 * The plan for inventory rows: absolute quantities per package and room (rules 1, 2 and 4). A row of the whole package also
 * says that the package lies in no other room. A row of one room says nothing of the others.
 */
export function planInventory(given: Given): InventoryPlan {
  const current = new Map(
    [...given.stored].map(([id, rows]) => [
      id,
      new Map(rows.map((row) => [row.inventory_id, asBelieved(row, given.now)])),
    ]),
  );
  const written = new Map<string, InventoryRow>();
  const plan: InventoryPlan = {
    rows: [],
    changes: [],
    counts: { ...NO_COUNTS },
    differences: [],
    failures: [],
    seen: [],
    outcomes: [],
  };
  for (const incoming of given.incoming) {
    const id = incoming.dutchie_inventory_id;
    const rows = current.get(id) ?? new Map<string, InventoryRow>();
    current.set(id, rows);
    const result = planPackage(incoming, rows, given);
    if (result.kind === "failed") {
      plan.failures.push({ resource: "inventory", dutchie_id: id, reason: result.reason });
      // Dutchie listed the package, although its row could not be used: it must not count as absent.
      plan.seen.push(...rows.keys());
      plan.outcomes.push(null);
      continue;
    }
    plan.seen.push(...result.seen);
    const said = outcomeOf(result.cells.map((cell) => cell.outcome));
    plan.outcomes.push(said);
    const { unreadable: reason } = incoming;
    const isCounted = reason === undefined || said === "stale";
    if (!isCounted) plan.failures.push({ resource: "inventory", dutchie_id: id, reason });
    for (const { outcome, row, change, difference } of result.cells) {
      if (isCounted) plan.counts[outcome] += 1;
      if (difference !== null && isCounted) plan.differences.push(difference);
      if (change !== null) plan.changes.push(change);
      if (row !== null) write(row, rows, written);
    }
    if (result.carrier != null) write(result.carrier, rows, written);
  }
  plan.rows = [...written.values()];
  return plan;
}

function write(row: InventoryRow, ...to: Map<string, InventoryRow>[]): void {
  for (const rows of to) rows.set(row.inventory_id, row);
}

interface CellResult {
  outcome: Outcome;
  row: InventoryRow | null;
  change: Change | null;
  difference: Difference | null;
}
type PackageResult =
  | { kind: "planned"; cells: CellResult[]; seen: string[]; carrier?: InventoryRow | null }
  | { kind: "failed"; reason: string };

function planPackage(row: IncomingPackage, rows: ReadonlyMap<string, InventoryRow>, given: Given): PackageResult {
  const stored = [...rows.values()];
  const wholePackage = row.scope === "package";
  const newest = latest(stored);
  const stated = addPackageStatement(newest?.stated ?? {}, row.stated ?? {});
  const shared = sharedContent(row, newest, given.productIds, stated);
  const net = withoutAllocated(row, stored);
  if (net === null) {
    return {
      kind: "failed",
      reason: "does not say how much of the package is allocated, and no earlier row did; the next sync reads it again",
    };
  }
  const incoming = { ...net, stated, states_allocated: row.stated?.allocated !== undefined };
  const hash = packageHash(shared, cellsOf(incoming), row.minus_allocated === true ? null : (stated.allocated ?? null));
  const version = versionOf(incoming.modified_at, given.read, hash, given.now);
  const known = newestPackageVersion(stored);
  // A later read with the same stamp comes right behind all that is stored of the package.
  const read = afterEnd(given.read, version, stored);
  const behind = behindStored(version, read, newest, given.now);
  const isOld =
    isBelowFloor(version, given.read, given.floor) ||
    behind.source_at < packageAt(stored) ||
    (wholePackage && known !== undefined && compareVersions(behind, known) < 0);
  const located = locate(incoming, stored);
  const listed = new Set(located.map((cell) => inventoryId(incoming.dutchie_inventory_id, cell.room_name)));
  const unlisted = stored.filter((row) => !listed.has(row.inventory_id));
  const seen = wholePackage ? [...listed, ...unlisted.map((row) => row.inventory_id)] : [...listed];
  const live = unlisted.filter((row) => row.quantity !== 0);
  const left = wholePackage ? live.map((row) => ({ ...cellOf(row), quantity: 0 })) : [];
  const known_at = knownAt(stored);
  if (isOld) {
    return {
      kind: "planned",
      cells: [...located, ...left].map((cell) => oldCell(cell, { incoming, shared, rows, known_at }, given)),
      seen,
    };
  }
  // A sold-out package without stored stock still needs a row for its version: its tombstone.
  const tombstone = newest === undefined ? EMPTY_CELL : { ...cellOf(newest), quantity: 0 };
  const spoken = located.length + left.length > 0 ? [...located, ...left] : [tombstone];
  const planned = { incoming, shared, rows, known_at, hash };
  const by = read === given.read ? given : { ...given, read };
  const cells = reserved(spoken, incoming, rows).map((cell) => planCell(cell, planned, by));
  const isKept = !wholePackage || cells.some((cell) => cell.row !== null);
  return { kind: "planned", cells, seen, carrier: isKept ? null : packageCarrier(stored, version, incoming, given) };
}

/**
 * The product that a row names, to be found or created. null: it names none, it leaves the package with its product, or it
 * is below the floor, so nothing that it says counts.
 */
export function namedProduct(
  { dutchie_inventory_id, content, hint, modified_at }: IncomingPackage,
  stored: ReadonlyMap<string, readonly InventoryRow[]>,
  { read, floor, now }: Pick<Given, "read" | "floor" | "now">,
): ProductHint | null {
  if (hint === null || isBelowFloor(versionOf(modified_at, read, "", now), read, floor)) return null;
  const isKept =
    content.dutchie_product_id === undefined &&
    stored.get(dutchie_inventory_id)?.some((row) => row.dutchie_product_id !== null) === true;
  return isKept ? null : hint;
}

/** One hash for all rooms of the package: its rows have one version. Without an allocation it is as it was before there were any. */
function packageHash(shared: Shared, cells: readonly Cell[], allocated: number | null): string {
  const { dutchie_product_id, product_id, sku, package_id, unit_cost, unit_price } = shared;
  const rooms = cells.map(({ room_name, quantity }) => ({ room: roomKey(room_name), quantity }));
  const values = [dutchie_product_id, product_id, sku, package_id, unit_cost, unit_price, rooms];
  return quickHash(allocated ? [...values, allocated] : values);
}

const EMPTY_CELL: Cell = { room_name: UNASSIGNED_ROOM, room_type: null, quantity: 0 };

/** A package that is being planned: its row from Dutchie, the values of all its rooms, and its stored rows by record id. */
interface PlannedPackage {
  incoming: IncomingPackage;
  shared: Shared;
  rows: ReadonlyMap<string, InventoryRow>;
  /** The newest time for which anything of the package is known, ms; null: never. */
  known_at: number | null;
}

/**
 * The rooms with what is reserved in each. Nothing where the store's quantities leave allocated stock out. A row of one room
 * that does not state the package's allocation leaves what is reserved there.
 */
function reserved(
  cells: readonly Cell[],
  incoming: NetPackage,
  rows: ReadonlyMap<string, InventoryRow>,
): ReservedCell[] {
  if (incoming.minus_allocated === true) return cells.map((cell) => ({ ...cell, reserved_quantity: 0 }));
  if (incoming.scope === "package" || incoming.states_allocated) return reserve(cells, incoming.stated.allocated ?? 0);
  return cells.map((cell) => {
    const before = rows.get(inventoryId(incoming.dutchie_inventory_id, cell.room_name))?.reserved_quantity ?? 0;
    return { ...cell, reserved_quantity: Math.min(before, Math.max(0, cell.quantity)) };
  });
}

function planCell(
  cell: ReservedCell,
  { incoming, shared, rows, known_at, hash }: PlannedPackage & { incoming: NetPackage; hash: string },
  given: Given,
): CellResult {
  const inventory_id = inventoryId(incoming.dutchie_inventory_id, cell.room_name);
  const stored = rows.get(inventory_id);
  const { room_name, room_type, quantity, reserved_quantity } = cell;
  const content: InventoryContent = { ...shared, room_name, room_type, quantity, reserved_quantity };
  const { read, floor, now } = given;
  const decision = decide({ read, floor, now, stored, content, modified_at: incoming.modified_at, hash });
  const difference =
    given.compares === false
      ? null
      : differenceOf({ resource: "inventory", record_id: inventory_id }, decision, {
          modified_at: incoming.modified_at,
          is_missing: stored === undefined,
          known_at,
          now: given.now,
        });
  // Statements beside the content are stored too: the next row may need them.
  const isNews =
    decision.outcome === "unchanged" && stored !== undefined && !isSameStated(incoming.stated, stored.stated);
  if (!decision.write && !(isNews && compareVersions(decision.version, stored) > 0))
    return { outcome: decision.outcome, row: null, change: null, difference };
  const { outcome, version } = decision;
  const row: InventoryRow = {
    ...content,
    inventory_id,
    dutchie_inventory_id: incoming.dutchie_inventory_id,
    source_at: version.source_at,
    source_rank: version.source_rank,
    content_hash: version.content_hash,
    package_at: incoming.scope === "package" ? version.source_at : (stored?.package_at ?? 0),
    stated: incoming.stated,
    updated_at: outcome === "unchanged" ? (stored?.updated_at ?? given.now) : given.now,
  };
  const { created_by } = outcome === "created" ? creationBy(given.origin) : creationOf(stored);
  if (created_by !== undefined) row.created_by = created_by;
  if (stored?.last_change != null) row.last_change = stored.last_change;
  const isLogged = outcome === "updated" || (outcome === "created" && row.created_by == null);
  if (!isLogged) return { outcome, row, change: null, difference };
  const record = { resource: "inventory" as const, record_id: inventory_id, fields: decision.fields };
  return { outcome, row, change: changeOf(record, version, given.origin, given.now), difference };
}

/** An old row that repeats what is known is `unchanged`; only one that contradicts it is `stale`. */
function oldCell(cell: Cell, { incoming, shared, rows, known_at }: PlannedPackage, given: Given): CellResult {
  const record_id = inventoryId(incoming.dutchie_inventory_id, cell.room_name);
  const stored = rows.get(record_id);
  const isKnown = stored === undefined && cell.quantity === 0;
  const fields = isKnown ? {} : diff(stored, { ...shared, quantity: cell.quantity });
  const outcome = Object.keys(fields).length === 0 ? "unchanged" : "stale";
  if (given.compares === false) return { outcome, row: null, change: null, difference: null };
  const known = { ...incoming, is_missing: stored === undefined, known_at, now: given.now };
  const difference = differenceOf({ resource: "inventory", record_id }, { outcome, fields }, known);
  return { outcome, row: null, change: null, difference };
}

const knownAt = (rows: readonly InventoryRow[]): number | null =>
  rows.length === 0 ? null : rows.reduce((at, row) => Math.max(at, row.source_at, row.package_at), 0);

/**
 * A statement on the whole package stores its time on one of its rows, even if every room has a newer version or nothing
 * changed. Otherwise a late row of a room that it did not list would bring stock back.
 */
function packageCarrier(
  stored: readonly InventoryRow[],
  version: Version,
  incoming: IncomingPackage,
  given: Given,
): InventoryRow | null {
  const newest = latest(stored);
  const at = provenAt(version, incoming.modified_at, given.read, given.now);
  return newest === undefined || at <= packageAt(stored) ? null : { ...newest, package_at: version.source_at };
}

/** The newest time for which the whole package is known, ms; 0: never. */
const packageAt = (rows: readonly InventoryRow[]): number => Math.max(0, ...rows.map((row) => row.package_at));

/** The version of that statement, while a row still has it. */
const newestPackageVersion = (rows: readonly InventoryRow[]): InventoryRow | undefined =>
  latest(rows.filter((row) => row.package_at === row.source_at));

type Cell = Pick<InventoryContent, "room_name" | "room_type" | "quantity">;
type ReservedCell = Cell & Pick<InventoryContent, "reserved_quantity">;
/** What holds in all rooms of a package. */
type Shared = Omit<InventoryContent, keyof ReservedCell>;

/** A package whose quantities are what the store counts. */
interface NetPackage extends IncomingPackage {
  stated: StatedPackage;
  /** This row states the allocation itself. */
  states_allocated: boolean;
}

/**
 * The row without allocated stock, if the store counts so: by its own statement, else by the last one. null: none was made,
 * and a guess would be a wrong quantity. An allocation of the whole package does not say which room it concerns.
 */
function withoutAllocated(row: IncomingPackage, stored: readonly InventoryRow[]): IncomingPackage | null {
  if (row.minus_allocated !== true) return row;
  const before = latest(stored)?.stated?.allocated;
  const others = stored.filter(({ room_name, quantity }) => quantity !== 0 && !isListed(row, room_name));
  const isClear = row.scope === "package" || before === 0 || before === null || others.length === 0;
  const last = row.stated?.allocated === undefined && isClear ? before : row.stated?.allocated;
  if (last === undefined) return null;
  const allocated = Math.max(0, last ?? 0);
  if (allocated === 0) return row;
  return {
    ...row,
    quantity: round4(row.quantity > 0 ? Math.max(0, row.quantity - allocated) : row.quantity),
    cells:
      row.cells &&
      reserve(row.cells, allocated).map(({ reserved_quantity, ...cell }) => ({
        ...cell,
        quantity: round4(cell.quantity - reserved_quantity),
      })),
  };
}

const isListed = (row: IncomingPackage, room_name: string): boolean =>
  row.cells?.some((cell) => roomKey(cell.room_name) === roomKey(room_name)) ?? false;

const cellsOf = (incoming: IncomingPackage): Cell[] =>
  incoming.cells ?? [{ ...EMPTY_CELL, quantity: incoming.quantity }];

/**
 * The rooms of a row. A row without a room is about the one room in which the package lies. If the package lies in several
 * rooms, 0 empties all of them, an equal total changes nothing, and for any other total see `fitRooms`.
 */
function locate(incoming: IncomingPackage, rows: readonly InventoryRow[]): Cell[] {
  if (incoming.cells !== null) return incoming.cells;
  const live = rows.filter((row) => row.quantity !== 0);
  if (live.length > 1) {
    if (incoming.quantity === 0) return live.map((row) => ({ ...cellOf(row), quantity: 0 }));
    return fitRooms(live.map(cellOf), incoming.quantity, EMPTY_CELL);
  }
  const only = live[0] ?? (rows.length === 1 ? rows[0] : undefined);
  return only === undefined ? cellsOf(incoming) : [{ ...cellOf(only), quantity: incoming.quantity }];
}

const cellOf = (row: InventoryRow): Cell => ({
  room_name: row.room_name,
  room_type: row.room_type,
  quantity: row.quantity,
});

/** What applies to all rooms of the package; an absent key keeps the value of its newest row. */
function sharedContent(
  incoming: IncomingPackage,
  newest: InventoryRow | undefined,
  productIds: ReadonlyMap<string, string>,
  stated: StatedPackage,
): Shared {
  const { content, hint } = incoming;
  const { price, rec_price, med_price } = incoming.stated ?? {};
  const isPriced = price !== undefined || rec_price !== undefined || med_price !== undefined;
  const id = statedOr(content.dutchie_product_id, newest?.dutchie_product_id ?? null);
  // A row that does not name the product does not move the package to another one.
  const kept = id === newest?.dutchie_product_id ? (newest?.product_id ?? null) : null;
  const said = id ?? (hint === null ? null : hintKey(hint));
  return {
    dutchie_product_id: id,
    sku: statedOr(content.sku, newest?.sku ?? null),
    package_id: statedOr(content.package_id, newest?.package_id ?? null),
    unit_cost: statedOr(content.unit_cost, newest?.unit_cost ?? null),
    unit_price: isPriced
      ? round4OrNull(chargedPrice(stated) ?? null)
      : statedOr(content.unit_price, newest?.unit_price ?? null),
    product_id: said === null ? null : (productIds.get(said) ?? kept),
  };
}

function latest<R extends Version>(rows: readonly R[]): R | undefined {
  return rows.reduce<R | undefined>((best, row) => (best && compareVersions(best, row) >= 0 ? best : row), undefined);
}

/** Stable across syncs and profiles: the package and the room's name. */
export function inventoryId(dutchie_inventory_id: string, room_name: string): string {
  return `inv_${dutchie_inventory_id}_${roomHash(roomKey(room_name))}`;
}

/** Dutchie's id of the package in the id of a package in a room. */
export const packageOf = (inventory_id: string): string => inventory_id.slice("inv_".length, -"_00000000".length);

const roomHash = remembered((key) => contentHash([key]).slice(0, 8));

const endedHash = ({ inventory_id }: InventoryRow): string => quickHash([inventory_id, 0]);

/** An absent package stays absent: a stale answer with its old stamp brings no stock back, even if the read began later. */
function afterEnd(read: Read, version: Version, stored: readonly InventoryRow[]): Read {
  const isEnded = stored.some((row) => row.source_at >= version.source_at && row.content_hash === endedHash(row));
  return isEnded && read.kind === "snapshot" ? { ...read, started_at: Number.NEGATIVE_INFINITY } : read;
}

/** The tombstone of a row that a complete snapshot no longer lists. The row's own version may be later than the snapshot's. */
export function tombstoneInventory(row: InventoryRow, floor: number, now: number): InventoryRow {
  const content_hash = endedHash(row);
  const known = asBelieved(row, now);
  const source_at = Math.max(Math.min(floor, now), known.source_at + 1);
  const package_at = Math.max(Math.min(floor, now), known.package_at);
  return {
    ...row,
    quantity: 0,
    reserved_quantity: 0,
    source_at,
    source_rank: 1,
    content_hash,
    package_at,
    updated_at: now,
  };
}

/**
 * Whether a package has come into another room, and nothing says that it has left the one where it was: then its total may be
 * doubled. An event of one room says nothing of the others. A list that has both (`listed`) may have been read meanwhile.
 */
export function mayHaveMoved(
  stored: ReadonlyMap<string, readonly InventoryRow[]>,
  written: readonly InventoryRow[],
  listed?: readonly string[],
): boolean {
  const now = new Map(written.map((row) => [row.inventory_id, row.quantity]));
  const seen = listed && new Set(listed);
  return [...Map.groupBy(written, (row) => row.dutchie_inventory_id)].some(([id, rows]) => {
    const before = (stored.get(id) ?? []).filter((row) => row.quantity > 0);
    const known = new Set(before.map((row) => row.inventory_id));
    const isNew = rows.some(
      (row) => row.quantity > 0 && row.package_at !== row.source_at && !known.has(row.inventory_id),
    );
    const isKept = ({ inventory_id, quantity }: InventoryRow) =>
      (now.get(inventory_id) ?? quantity) >= quantity && seen?.has(inventory_id) !== false;
    return isNew && before.some(isKept);
  });
}

/** Of a package's rooms. A row that contradicts one of them and changes nothing is stale, even if the other rooms are as it says. */
function outcomeOf(outcomes: readonly Outcome[]): Outcome {
  for (const outcome of ["created", "updated", "stale"] as const) if (outcomes.includes(outcome)) return outcome;
  return "unchanged";
}
