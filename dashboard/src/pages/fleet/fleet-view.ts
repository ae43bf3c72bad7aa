import type { FleetStore, Health } from "../../data/fleet.ts";

/** The counters, the worst first. */
export const COUNTED = ["failing", "stale", "needs_decision", "never_synced", "healthy"] as const;
export type Counted = (typeof COUNTED)[number];

const WORST_FIRST: readonly Health[] = [...COUNTED, "disconnected"];

/** Whether a person can do something: what waits for Dutchie mends itself. */
export function needsPerson({ health, problem }: Pick<FleetStore, "health" | "problem">): boolean {
  if (health === "never_synced") return true;
  return health !== "healthy" && health !== "disconnected" && problem?.action !== "wait";
}

export function countOf(stores: readonly FleetStore[]): Record<Counted, number> {
  const counts = COUNTED.map((each) => [each, stores.filter(({ health }) => health === each).length]);
  return Object.fromEntries(counts) as Record<Counted, number>;
}

/** The stores that are asked for, the worst first, of these the longest first. `q`: words of the name or the id, in any order. */
export function viewOf(stores: readonly FleetStore[], { q, health }: { q: string; health: Counted | null }) {
  const words = q.toLowerCase().split(/\s+/);
  const since = ({ problem }: FleetStore) => problem?.since ?? "9";
  return stores
    .filter((store) => health === null || store.health === health)
    .filter(({ name, location_id }) => words.every((word) => `${name} ${location_id}`.toLowerCase().includes(word)))
    .sort(
      (a, b) =>
        WORST_FIRST.indexOf(a.health) - WORST_FIRST.indexOf(b.health) ||
        order(since(a), since(b)) ||
        order(a.name, b.name),
    );
}

export const rankOf = ({ health }: FleetStore): number => WORST_FIRST.indexOf(health);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
