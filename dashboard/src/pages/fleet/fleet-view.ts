import { byName, isAboutShelf, matchesWords } from "../../../../src/client/rules.ts";
import type { FleetStore, Health } from "../../data/fleet.ts";

/** The counters, the worst first, as `rankOf` sorts. */
export const COUNTED = ["failing", "stale", "needs_decision", "never_synced", "healthy"] as const;

/** What the list can be limited to. Disconnected stores are listed only so. */
export const FILTERS = [...COUNTED, "disconnected"] as const satisfies readonly Health[];
export type Filter = (typeof FILTERS)[number];

/** Whether a person can do something: what waits for Dutchie mends itself, and a first sync under way goes on by itself. */
export function needsPerson({
  health,
  activity,
  problem,
}: Pick<FleetStore, "health" | "activity" | "problem">): boolean {
  if (health === "never_synced") return activity === "idle";
  return health !== "healthy" && health !== "disconnected" && problem?.action !== "wait";
}

/** The stores that are asked for, the worst first, of these those whose shelf is at stake, then the longest first. `q`: words of the name or the id, in any order. */
export function viewOf(stores: readonly FleetStore[], { q, health }: { q: string; health: Filter | null }) {
  const names = byName();
  const shelf = ({ problem }: FleetStore) => (isAboutShelf(problem?.code.toLowerCase() ?? "") ? 0 : 1);
  const since = ({ problem }: FleetStore) => problem?.since ?? "9";
  return stores
    .filter((store) => health === null || store.health === health)
    .filter(({ name, location_id }) => matchesWords(q, [name, location_id]))
    .sort((a, b) => rankOf(a) - rankOf(b) || shelf(a) - shelf(b) || order(since(a), since(b)) || names(a.name, b.name));
}

export const rankOf = ({ health }: FleetStore): number => FILTERS.indexOf(health);

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
