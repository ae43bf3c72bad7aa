import { HOLD_SHARE, HOLD_UNITS, isMass } from "./absence.ts";
import {
  GUARDED,
  type GuardedResource,
  type LostSubject,
  type Presence,
  type ProductValues,
  presenceOfPackage,
  presenceOfProduct,
} from "./presence.ts";
import {
  isShift,
  PACKAGE_SHIFTS,
  PRODUCT_SHIFTS,
  type ShiftingValue,
  type ShiftSubject,
  type StockValues,
  shiftOf,
  type Value,
} from "./shifts.ts";

export type LossSubject = LostSubject | ShiftSubject;

/** What an alert on a mass is about: also amounts that cannot be compared with earlier ones. */
export type MassSubject = LossSubject | "sales.scale";

/** Ids of the records that lost a value, and of those that have it. */
export interface Loss {
  subject: LostSubject;
  lost: string[];
  present: string[];
}

/** Records whose value changed, with what it was and is, and whether that is far apart. */
export interface Shift {
  subject: ShiftSubject;
  values: { id: string; was: Value; is: Value; far: boolean }[];
}

/** What one read makes of stored records. */
export interface Losses {
  losses: Loss[];
  shifts: Shift[];
}

/** What product rows make of those that are stored (by Dutchie's id). */
export function productLosses<P extends ProductValues & { dutchie_product_id: string | null }>(
  stored: ReadonlyMap<string, P>,
  written: readonly P[],
): Losses {
  const after = new Map(written.map((row) => [row.dutchie_product_id, row]));
  const pairs = [...stored].map(([id, row]) => ({ id, was: row, is: after.get(id) ?? row }));
  return { losses: compare("products", pairs, presenceOfProduct), shifts: shiftsOf(PRODUCT_SHIFTS, pairs) };
}

/** What inventory rows make of the packages that are stored (by Dutchie's id, each with all its rooms). */
export function packageLosses<R extends StockValues & { dutchie_inventory_id: string; inventory_id: string }>(
  stored: ReadonlyMap<string, readonly R[]>,
  written: readonly R[],
): Losses {
  const byPackage = Map.groupBy(written, (row) => row.dutchie_inventory_id);
  const pairs = [...stored].map(([id, rooms]) => {
    const news = byPackage.get(id);
    if (news === undefined) return { id, was: rooms, is: rooms };
    return { id, was: rooms, is: [...new Map([...rooms, ...news].map((row) => [row.inventory_id, row])).values()] };
  });
  const stockedIn = (rooms: readonly R[]) => rooms.filter(({ quantity }) => quantity !== 0);
  const stocked = pairs.filter(isChanged).map(({ id, was, is }) => ({ id, was: stockedIn(was), is: stockedIn(is) }));
  return { losses: compare("inventory", pairs, presenceOfPackage), shifts: shiftsOf(PACKAGE_SHIFTS, stocked) };
}

/** A record before and after a read; the same object: the read does not change it. */
interface Pair<T> {
  id: string;
  was: T;
  is: T;
}

const isChanged = ({ was, is }: Pair<unknown>): boolean => was !== is;

function shiftsOf<S extends ShiftSubject, T>(
  shifting: Record<S, ShiftingValue<T>>,
  pairs: readonly Pair<T>[],
): { subject: S; values: Shift["values"] }[] {
  const changed = pairs.filter(isChanged);
  return keysOf(shifting).map((subject) => {
    const { valueIn, isFar } = shifting[subject];
    let had: Set<Value> | null = null;
    const others = () => {
      had ??= new Set(pairs.flatMap(({ was }) => valueIn(was) ?? []));
      return had;
    };
    const values = changed.flatMap(({ id, ...pair }) => {
      const [was, is] = [valueIn(pair.was), valueIn(pair.is)];
      return was === null || is === null || was === is ? [] : [{ id, was, is, far: isFar(was, is, others) }];
    });
    return { subject, values };
  });
}

function compare<T>(resource: GuardedResource, pairs: readonly Pair<T>[], presenceOf: (record: T) => Presence): Loss[] {
  const presences = pairs.map((pair) => {
    const before = presenceOf(pair.was);
    return { id: pair.id, before, after: isChanged(pair) ? presenceOf(pair.is) : before };
  });
  return lostSubjectsOf(resource).map((subject) => {
    const ids = (holds: (each: (typeof presences)[number]) => boolean) => presences.filter(holds).map(({ id }) => id);
    return {
      subject,
      lost: ids(({ before, after }) => before.get(subject) === true && after.get(subject) === false),
      present: ids(({ after }) => after.get(subject) === true),
    };
  });
}

const lostSubjectsOf = (resource: GuardedResource): LostSubject[] =>
  resource === "products"
    ? GUARDED.products.map((value) => `products.${value}` as const)
    : GUARDED.inventory.map((value) => `inventory.${value}` as const);

export const subjectsOf = (resource: GuardedResource): LossSubject[] => [
  ...lostSubjectsOf(resource),
  ...(resource === "products" ? keysOf(PRODUCT_SHIFTS) : keysOf(PACKAGE_SHIFTS)),
];

/** What a record must have to count among those of which so many lost or changed a value. */
export const presenceFor = (subject: LossSubject): LostSubject =>
  isShift(subject) ? shiftOf(subject).presence : subject;

/** A mass is more than this share of them. */
export const shareFor = (subject: LossSubject): number => (isShift(subject) ? shiftOf(subject).share : HOLD_SHARE);

/** An object's keys, of which TypeScript forgets the type. */
const keysOf = <K extends string>(object: Record<K, unknown>): K[] => Object.keys(object) as K[];

/** A mass that had a notice and is not acknowledged. */
export interface MassChange {
  /** Records that lost the value, or changed it beyond belief, and have not got it back … */
  lost: number;
  /** … of so many that had one. */
  had: number;
  /** When it was last a mass of new ones. */
  at: number;
}

/** What happens to the alert: it is raised or gets a new text (`again`: as a new alert, with a notice at once), ends, or nothing. */
export type MassPlan = { kind: "raise"; mass: MassChange; again: boolean } | { kind: "over" } | { kind: "none" };

/**
 * `fresh` of the lost ones are new since the last read. A mass is what is one for absences. It is over when fewer are left
 * than a mass needs, however large the store: a share would leave hundreds untold.
 */
export function planMass(given: {
  lost: number;
  fresh: number;
  had: number;
  share: number;
  notified: MassChange | null;
  now: number;
}): MassPlan {
  const { lost, fresh, had, share, notified, now } = given;
  const again = isMass(fresh, had, share);
  if (notified === null)
    return isMass(lost, had, share) ? { kind: "raise", mass: { lost, had, at: now }, again: false } : NONE;
  if (lost < HOLD_UNITS) return { kind: "over" };
  return { kind: "raise", mass: { lost, had, at: again ? now : notified.at }, again };
}

const NONE: MassPlan = { kind: "none" };
