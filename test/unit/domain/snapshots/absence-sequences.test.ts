import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asOf, STALENESS_MS } from "../../../../src/domain/records/version.ts";
import { type AbsencePlan, HOLD_SHARE, HOLD_UNITS, type LiveRow } from "../../../../src/domain/snapshots/absence.ts";
import { MemoryStore } from "../../../support/memory-store.ts";
import { incomingRoom, MINUTE, NOW } from "../build.ts";

/**
 * Any sequence of what Dutchie may answer and people may say, against a ledger of its own that knows nothing of the plan:
 * a package becomes zero only with one of the four proofs, and a package that is really gone ends after two lists.
 */
const PACKAGES = 14;
const ALL = Array.from({ length: PACKAGES }, (_, index) => `p${index}`);

const someIds = fc.oneof(
  fc.uniqueArray(fc.constantFrom(...ALL), { maxLength: 4 }),
  fc.uniqueArray(fc.constantFrom(...ALL), { minLength: 8 }),
);
const step = fc.record({
  minutes: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 5, max: 40 })),
  act: fc.oneof(
    fc.record({ kind: fc.constantFrom("full" as const, "empty" as const) }),
    fc.record({ kind: fc.constant("cut" as const), ids: someIds }),
    fc.record({ kind: fc.constant("no id" as const), ids: someIds }),
    fc.record({ kind: fc.constantFrom("sold out" as const, "restocked" as const, "webhook" as const), ids: someIds }),
    fc.record({ kind: fc.constantFrom("rooms renamed" as const, "confirm" as const, "keep" as const) }),
  ),
});

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

class World {
  readonly store = new MemoryStore();
  now = NOW;
  private plan: { plan: AbsencePlan<LiveRow>; floor: number } | null = null;
  private readonly inStock = new Set(ALL);
  private rooms = 0;
  /** Per package, the first list of the unbroken row of lists that left it out; an empty one counts as a list here. */
  private readonly omittedSince = new Map<string, number>();
  /** When a webhook last stated a package: a list says nothing about changes after T − S. */
  private readonly toldAt = new Map<string, number>();
  /** Packages of which a person said that they are there, and nobody anything since. */
  private readonly kept = new Set<string>();

  take({ minutes, act }: Step): void {
    this.now += minutes * MINUTE;
    const { inStock } = this;
    const without = (ids: readonly string[]) => [...inStock].filter((id) => !ids.includes(id));
    if (act.kind === "full") this.list([...inStock], 0);
    else if (act.kind === "empty") this.list([], 0);
    else if (act.kind === "cut") this.list(without(act.ids), 0);
    else if (act.kind === "no id") this.list(without(act.ids), inStock.size - without(act.ids).length);
    else if (act.kind === "sold out") for (const id of act.ids) inStock.delete(id);
    else if (act.kind === "restocked") for (const id of act.ids) inStock.add(id);
    else if (act.kind === "webhook") this.tell(act.ids.filter((id) => inStock.has(id)));
    else if (act.kind === "rooms renamed") this.rooms += 1;
    else this.decide(act.kind);
  }

  /** Two whole lists, S apart, and more than S after the last statement. */
  correct(): void {
    for (let lists = 0; lists < 2; lists++) {
      this.now += STALENESS_MS + MINUTE;
      this.list([...this.inStock], 0);
    }
  }

  get stocked(): string[] {
    return [...this.inStock].sort();
  }

  get keptIds(): string[] {
    return [...this.kept];
  }

  private get room(): string {
    return `Room ${this.rooms}`;
  }

  private list(ids: string[], unidentified: number): void {
    const floor = asOf("inventory", this.now, this.now);
    const before = this.totals();
    const rows = ids.map((id) => incomingRoom(this.room, 5, { dutchie_inventory_id: id }));
    const plan = this.store.snapshotInventory(rows, this.now, this.now, unidentified);
    this.plan = { plan, floor };
    const absent = [...before.keys()].filter((id) => !ids.includes(id) && (this.toldAt.get(id) ?? 0) < floor);
    const first = absent.filter((id) => !this.isRepeated(id, floor) && !this.kept.has(id));
    for (const id of absent.filter((each) => this.total(each) === 0)) {
      const isSmall = first.length < HOLD_UNITS || first.length <= before.size * HOLD_SHARE;
      const provedAlone = unidentified === 0 && isSmall && first.includes(id);
      const proof = ids.length > 0 && !this.kept.has(id) && (provedAlone || this.isRepeated(id, floor));
      if (!proof) throw new Error(`${id} became zero without a proof`);
    }
    for (const [id, total] of this.totals()) {
      if (total > 5) throw new Error(`${id} is there twice`);
      if (total < 5 && (before.get(id) ?? 0) > total) throw new Error(`${id} lost a part`);
    }
    for (const id of ids) {
      this.omittedSince.delete(id);
      this.kept.delete(id);
    }
    for (const id of absent) if (!this.omittedSince.has(id)) this.omittedSince.set(id, floor);
  }

  private isRepeated(id: string, floor: number): boolean {
    const since = this.omittedSince.get(id);
    return since !== undefined && floor - since >= STALENESS_MS;
  }

  private tell(ids: string[]): void {
    for (const id of ids) {
      const row = incomingRoom(this.room, 5, { dutchie_inventory_id: id, scope: "package" });
      this.store.applyInventory([row], { kind: "event", occurred_at: this.now, received_at: this.now }, this.now);
      this.toldAt.set(id, this.now);
      this.omittedSince.delete(id);
      this.kept.delete(id);
    }
  }

  private decide(what: "confirm" | "keep"): void {
    if (this.plan === null || this.plan.plan.held.length === 0) return;
    const { plan, floor } = this.plan;
    const before = this.totals();
    if (what === "confirm") this.store.confirmHeld(plan, floor, this.now);
    else {
      this.store.keepHeld(plan, floor);
      // Packages that a webhook changed since are excluded.
      for (const { id, unit } of plan.held) {
        if ((this.store.inventory.get(id)?.source_at ?? floor) < floor) this.kept.add(unit);
      }
    }
    const ended = [...before.keys()].filter((id) => this.total(id) === 0);
    const asked = new Set(plan.held.map(({ unit }) => unit));
    expect(ended.filter((id) => !asked.has(id))).toEqual([]);
    this.plan = null;
  }

  totals(): Map<string, number> {
    const totals = new Map<string, number>();
    for (const row of this.store.inventory.values()) {
      if (row.quantity === 0) continue;
      totals.set(row.dutchie_inventory_id, (totals.get(row.dutchie_inventory_id) ?? 0) + row.quantity);
    }
    return totals;
  }

  private total(id: string): number {
    return this.totals().get(id) ?? 0;
  }
}

describe("any sequence of lists, decisions and times", () => {
  it("F38, F39, F40, F47: a package becomes zero only with a proof, and none is counted twice", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 14 }), (steps) => {
        const world = new World();
        world.take({ minutes: 0, act: { kind: "full" } });
        expect(world.totals().size).toBe(PACKAGES);
        for (const each of steps) world.take(each);
      }),
      { numRuns: 500 },
    );
  });

  it("a package that is really gone ends after two whole lists, unless a person keeps it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const world = new World();
        world.take({ minutes: 0, act: { kind: "full" } });
        for (const each of steps) world.take(each);
        fc.pre(world.stocked.length > 0);
        world.correct();
        expect([...world.totals().keys()].sort()).toEqual([...new Set([...world.stocked, ...world.keptIds])].sort());
      }),
      { numRuns: 500 },
    );
  });
});
