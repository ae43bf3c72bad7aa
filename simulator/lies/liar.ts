import { Random } from "../random.ts";
import type { Row } from "../row.ts";
import type { EventBody } from "../webhooks/event-body.ts";
import {
  type Drawn,
  drawLie,
  LIE_RESOURCES,
  type Lie,
  type LieInput,
  type LieResource,
  lieSchema,
  likelihood,
  type Op,
  type Via,
} from "./lies.ts";
import { idKey, isRow, mutateField, mutateRow, pascal, shifted } from "./mutate.ts";

/** Mutations that leave rows out of an answer. */
const LEAVES_OUT: readonly Op[] = ["drop", "cut", "stale"];

/** How many rows `stale` can send again: a large store must not be in memory twice. */
const REMEMBERED = 2_000;

/** The lies of a store: given as a list, or drawn from a seed. It records its lies, so that a run can be repeated. */
export class Liar {
  #lies: { lie: Lie; struck: number }[] = [];
  #drawn: Drawn | null = null;
  /** Until when it lies. */
  #until = 0;
  /** How many answers of each kind there were since the lies were set. */
  #answers = new Map<string, number>();
  /** The first version of each row, for stale copies. */
  readonly #first = new Map<string, Row>();
  /**
   * Records about which a row was false, and since when. A lie about an answer as a whole does not count: rows that are
   * left out, repeated or old are not false.
   */
  readonly #touched = new Map<string, number>();
  /** Each false value of a record → the numbers of the lists that stated it. */
  readonly #said = new Map<string, Set<number>>();
  #lists = 0;
  /** Ids that rows had and no record has, by resource. */
  readonly #invented = new Set<string>();
  /** Packages that were left out of a list or shown without stock; null: all packages. */
  #denied: Set<string> | null = new Set();
  /** Packages whose row was sent without their id. */
  readonly #hidden = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  set(lies: readonly LieInput[] | Drawn): void {
    this.#answers = new Map();
    this.#drawn = "seed" in lies ? lies : null;
    this.#lies = "seed" in lies ? [] : lies.map((lie) => ({ lie: lieSchema.parse(lie), struck: 0 }));
    this.#until = this.#now() + (this.#drawn?.forMs ?? Number.POSITIVE_INFINITY);
  }

  /** Stops lying. The records of earlier lies stay. */
  stop(): void {
    this.#until = 0;
  }

  get isLying(): boolean {
    return this.#now() < this.#until && (this.#drawn !== null || this.#lies.length > 0);
  }

  /** The lies since `set`. If they are passed to `set` again, the same calls get the same lies. */
  list(): (Lie & { struck: number })[] {
    return this.#lies.map(({ lie, struck }) => ({ ...lie, struck }));
  }

  /** Whether there was ever a lie about this record. */
  hasTouched(on: LieResource, id: string): boolean {
    return this.#touched.has(`${on} ${id}`);
  }

  /** When the first lie about this record happened, ms. */
  touchedAt(on: LieResource, id: string): number | null {
    return this.#touched.get(`${on} ${id}`) ?? null;
  }

  /** Whether lies stated this value of a record in several lists: even a reader of all of them cannot know better. */
  hasRepeated(on: LieResource, id: string, value: unknown): boolean {
    return (this.#said.get(`${on} ${id} ${JSON.stringify(value)}`)?.size ?? 0) >= REPEATED;
  }

  /** Whether a lie invented a record with this id. Dutchie withdraws nothing, so ReUp may keep it. */
  hasInvented(on: LieResource, id: string): boolean {
    return this.#invented.has(`${on} ${id}`);
  }

  /** Whether a package was left out of a list or shown without stock. */
  hasDenied(id: string): boolean {
    return this.#denied === null || this.#denied.has(id);
  }

  /** Whether a package's row was sent without its id, or as no row at all. */
  hasHidden(id: string): boolean {
    return this.#hidden.has(id);
  }

  /** The lies in this answer. */
  meet(on: LieResource, via: Via): Lie[] {
    if (this.#now() >= this.#until) return [];
    const kind = `${via} ${on}`;
    const answer = this.#answers.get(kind) ?? 0;
    this.#answers.set(kind, answer + 1);
    if (this.#drawn !== null) {
      // Each answer has a random stream of its own, so that calls do not influence each other.
      const stream = 2 * LIE_RESOURCES.indexOf(on) + (via === "read" ? 0 : 1);
      const random = new Random(this.#drawn.seed * 7_919 + answer * 131 + stream);
      random.next();
      if (random.chance(likelihood(on, this.#drawn.rate))) {
        this.#lies.push({ lie: drawLie(random, on, via, answer), struck: 0 });
      }
    }
    const met = this.#lies.filter(
      ({ lie, struck }) =>
        lie.on === on && lie.via === via && answer >= lie.after && struck < (lie.times ?? Number.POSITIVE_INFINITY),
    );
    for (const each of met) {
      each.struck++;
      const leavesOut = each.lie.target === "answer" && LEAVES_OUT.includes(each.lie.op);
      if (kind === "read inventory" && leavesOut) this.#denied = null;
    }
    return met.map(({ lie }) => lie);
  }

  /** The rows with their lies. Lazy: a lying answer streams like an honest one. */
  *rows(on: LieResource, rows: Iterable<Row>, lies: readonly Lie[]): Generator<unknown> {
    let index = -1;
    const list = this.#lists++;
    for (const row of rows) {
      index++;
      const key = idKey(row);
      const id = key === undefined ? undefined : `${on} ${row[key]} ${row.roomName ?? ""}`;
      let told: unknown[] = [row];
      for (const lie of lies) told = told.flatMap((each) => this.#mutated(each, lie, index, id));
      if (told.length !== 1 || told[0] !== row) {
        this.#note(on, row, told, lies[0]?.via === "read");
        this.#repeat(on, row, told, list);
      }
      if (id !== undefined && !this.#first.has(id) && this.#first.size < REMEMBERED) this.#first.set(id, row);
      yield* told;
    }
  }

  /** An event's body with its lies. */
  distort(told: EventBody): EventBody {
    const on = told.type === "sale.completed" ? "sales" : told.type === "inventory.updated" ? "inventory" : "products";
    const lies = this.meet(on, "webhook");
    if (lies.length === 0) return told;
    const rows = [told.data].flat();
    const list = [...this.rows(on, rows, lies)];
    const data = Array.isArray(told.data) || list.length !== 1 ? list : list[0];
    const sent = lies.filter(({ target }) => target === "answer").reduce(wholeEvent, { ...told, data } as EventBody);
    if (on === "inventory") this.#noteEmptied(rows, [sent.data].flat());
    return sent;
  }

  /** Packages of which an event has only rows without stock left: in the guide's names each room has a row. */
  #noteEmptied(rows: readonly Row[], sent: readonly unknown[]): void {
    for (const [id, all] of Map.groupBy(rows, (row) => String(row[idKey(row) ?? ""]))) {
      const left = sent.filter((each) => isRow(each) && String(each[idKey(each) ?? ""]) === id);
      if (left.length > 0 && left.every(hasNone) && !all.every(hasNone)) this.#denied?.add(id);
    }
  }

  /** A fault left this row out of a list. */
  leftOut(on: LieResource, row: Row): void {
    this.#note(on, row, [], true);
  }

  #mutated(row: unknown, lie: Lie, index: number, id: string | undefined): unknown[] {
    if (!isRow(row)) return [row];
    if (index % lie.every !== lie.from) return [row];
    const earlier = id === undefined ? undefined : this.#first.get(id);
    if (lie.target === "row") return mutateRow(row, lie, earlier);
    if (lie.target === "field") return [mutateField(row, lie, earlier)];
    return [lie.op === "case" ? pascal(row) : row];
  }

  #repeat(on: LieResource, row: Row, told: readonly unknown[], list: number): void {
    for (const each of told.filter(isRow)) {
      // A key that is left out says the same as null.
      for (const key of new Set([...Object.keys(row), ...Object.keys(each)])) {
        const value = each[key] ?? null;
        if (value === (row[key] ?? null)) continue;
        const said = `${on} ${each[idKey(each) ?? ""]} ${JSON.stringify(value)}`;
        this.#said.set(said, (this.#said.get(said) ?? new Set()).add(list));
      }
    }
  }

  /** Records the lies about one row. An event without a row says nothing about it; a list without it does. */
  #note(on: LieResource, row: Row, told: readonly unknown[], isList: boolean): void {
    const own = String(row[idKey(row) ?? ""]);
    if (on === "inventory" && (told.length > 0 || isList) && told.every(hasNone)) this.#denied?.add(own);
    const ids = told.flatMap((each) => (isRow(each) ? [each[idKey(each) ?? ""]] : []));
    const named = ids.some((id) => isId(id) && String(id) === own);
    // A row under another package's id is not this one's: the list leaves this one out.
    const isAnother = !named && told.length > 0 && ids.length === told.length && ids.every(isId);
    if (on === "inventory" && isAnother && isList) this.#denied?.add(own);
    if (on === "inventory" && told.length > 0 && !named && !isAnother) this.#hidden.add(own);
    for (const each of [row, ...told]) {
      const key = isRow(each) ? idKey(each) : undefined;
      if (!isRow(each) || key === undefined) continue;
      const record = `${on} ${each[key]}`;
      if (!this.#touched.has(record)) this.#touched.set(record, this.#now());
      if (String(each[key]) !== own) this.#invented.add(`${on} ${each[key]}`);
    }
  }
}

/** Two: the list that ReUp stored, and the list that it reads before a whole write. */
const REPEATED = 2;

const hasNone = (row: unknown): boolean => isRow(row) && Number(row.quantityAvailable ?? row.quantity ?? 1) <= 0;

const isId = (value: unknown): boolean =>
  (typeof value === "string" && value.trim() !== "") || typeof value === "number";

/** An event as a whole: its time, and the list in it. */
function wholeEvent(told: EventBody, { op, value }: Lie): EventBody {
  const list = (change: (rows: Row[]) => unknown): EventBody => ({
    ...told,
    data: change([told.data].flat()) as Row[],
  });
  switch (op) {
    case "shift":
      return { ...told, occurred_at: shifted(told.occurred_at, Number(value)) };
    case "drop":
      return list(() => []);
    case "null":
      return list(() => null);
    case "type":
      return list((rows) => JSON.stringify(rows));
    case "double":
      return list((rows) => [...rows, ...rows]);
    case "order":
      return list((rows) => rows.reverse());
    case "cut":
      return list((rows) => rows.slice(0, Math.floor(rows.length / 2)));
    case "rekey":
      return list((rows) => ({ [String(value)]: rows }));
    default:
      return told;
  }
}
