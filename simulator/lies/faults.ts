import { z } from "zod";
import { productEditSchema } from "../http/product-edit.ts";
import type { Random } from "../random.ts";

/** Faults that replace the answer. */
const ANSWER_FAULTS = [
  "429",
  "500",
  "503",
  "timeout",
  "slow",
  "empty200",
  "html200",
  "wrongLocation",
  "expiredKey",
  "refuseWrite",
] as const;
/** Faults that spoil rows of an otherwise good answer. */
const ROW_FAULTS = [
  "cutBody",
  "stale",
  "poison",
  "missingRows",
  "unknownFields",
  "missingFields",
  "stringNumbers",
  "nulls",
] as const;

/** Faults that happen while a write is saved. */
const WRITE_FAULTS = ["saveThen500", "concurrentEdit"] as const;

const isAnswer = (kind: string) => (ANSWER_FAULTS as readonly string[]).includes(kind);
const isOfWrites = (kind: string) => kind === "refuseWrite" || (WRITE_FAULTS as readonly string[]).includes(kind);

const PROBABILITY = z.number().min(0).max(1);

export const faultSchema = z.strictObject({
  kind: z.enum([...ANSWER_FAULTS, ...ROW_FAULTS, ...WRITE_FAULTS]),
  /** Prefix of the endpoint's path. */
  path: z.string().startsWith("/").default("/"),
  /** How often it happens before it ends. */
  times: z.int().positive().optional(),
  /** How long it lasts after it is set, ms. */
  forMs: z.number().positive().optional(),
  /** Matching calls that pass before it begins. */
  after: z.int().nonnegative().optional(),
  probability: PROBABILITY.optional(),
  /** 429, 503: seconds in Retry-After; absent: no such header. */
  retryAfter: z.number().nonnegative().optional(),
  /** 429: plain text in place of JSON. */
  text: z.boolean().optional(),
  /** stale: age of the answer. slow: the delay. */
  ms: z.number().nonnegative().max(300_000).optional(),
  /** cutBody: after which part of the rows (default a half). missingRows, nulls: share of the rows (0.1, 0.2). */
  share: PROBABILITY.optional(),
  /** cutBody: `destroy` breaks the connection, `close` ends the body as if it were whole. */
  end: z.enum(["destroy", "close"]).optional(),
  /** poison: every nth row is bad (default 500). */
  every: z.int().positive().optional(),
  /** poison, nulls, missingFields: which fields; the default spoils nothing that is mapped, except for poison. */
  fields: z.array(z.string()).optional(),
  /** concurrentEdit: what somebody changes in Dutchie after the writer has read the product and before its write lands. */
  edit: productEditSchema.optional(),
  /** refuseWrite: the answer; default 400 and a message. */
  status: z.int().min(400).max(599).optional(),
  body: z.unknown().optional(),
});

export type Fault = z.input<typeof faultSchema>;
export type ActiveFault = z.output<typeof faultSchema> & { struck: number; seen: number; until: number };

export interface Met {
  /** The fault that replaces the answer, if any. */
  answer: ActiveFault | null;
  rows: ActiveFault[];
  /** Faults that happen while a write is saved. */
  writes: ActiveFault[];
}

export class FaultBook {
  #active: ActiveFault[] = [];
  readonly #now: () => number;
  readonly #random: Random;

  constructor(now: () => number, random: Random) {
    this.#now = now;
    this.#random = random;
  }

  set(faults: readonly Fault[]): void {
    this.#active = faults.map((fault) => {
      const parsed = faultSchema.parse(fault);
      const until = parsed.forMs === undefined ? Number.POSITIVE_INFINITY : this.#now() + parsed.forMs;
      return { ...parsed, until, struck: 0, seen: 0 };
    });
  }

  clear(): void {
    this.#active = [];
  }

  list(): ActiveFault[] {
    return this.#active.map((fault) => ({ ...fault }));
  }

  /** Which faults happen in this call. The first one that replaces the answer wins; `slow` only delays. */
  meet(path: string, isWrite = false): Met {
    const met: Met = { answer: null, rows: [], writes: [] };
    for (const fault of this.#active) {
      if (!path.startsWith(fault.path)) continue;
      if (fault.kind === "wrongLocation" && path !== "/whoami") continue;
      const ofWrites = isOfWrites(fault.kind);
      if (ofWrites && !isWrite) continue;
      const answers = isAnswer(fault.kind);
      if (answers && met.answer !== null) continue;
      // If another fault replaces the answer, the write is not saved.
      if (ofWrites && met.answer !== null && met.answer.kind !== "slow") continue;
      if (!this.#strikes(fault)) continue;
      if (answers) met.answer = fault;
      else if (ofWrites) met.writes.push(fault);
      else met.rows.push(fault);
    }
    return met;
  }

  #strikes(fault: ActiveFault): boolean {
    fault.seen++;
    if (this.#now() >= fault.until) return false;
    if (fault.seen <= (fault.after ?? 0)) return false;
    if (fault.times !== undefined && fault.struck >= fault.times) return false;
    if (fault.probability !== undefined && !this.#random.chance(fault.probability)) return false;
    fault.struck++;
    return true;
  }
}
