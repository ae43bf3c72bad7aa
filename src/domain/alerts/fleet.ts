import { byName, matchesWords } from "../values/search.ts";
import { HEALTHS, type Health } from "./health.ts";

/** A store as far as the list of all stores sorts and filters it. */
export interface FleetStore {
  location_id: string;
  name: string;
  health: Health;
  data_age_seconds: number | null;
}

export const FLEET_SORTS = ["name", "health", "data_age"] as const;

export interface FleetQuery {
  q?: string | undefined;
  health?: Health | undefined;
  sort: (typeof FLEET_SORTS)[number];
}

/**
 * The stores that are asked for, in their order. Equal ones by name, then by id: pages neither repeat nor lose one. Disconnected
 * stores need nobody, so they come only if they are asked for.
 */
export function fleetOf<T extends FleetStore>(stores: readonly T[], { q = "", health, sort }: FleetQuery): T[] {
  const rank = RANK[sort];
  const names = byName();
  return stores
    .filter((store) => (health === undefined ? store.health !== "disconnected" : store.health === health))
    .filter(({ name, location_id }) => matchesWords(q, [name, location_id]))
    .sort((a, b) => rank(a) - rank(b) || names(a.name, b.name) || order(a.location_id, b.location_id));
}

const RANK: Record<FleetQuery["sort"], (store: FleetStore) => number> = {
  name: () => 0,
  health: ({ health }) => WORST_FIRST.indexOf(health),
  // What was never read is older than anything.
  data_age: ({ data_age_seconds }) => -(data_age_seconds ?? Number.MAX_SAFE_INTEGER),
};

const WORST_FIRST: readonly Health[] = [
  "failing",
  "stale",
  "needs_decision",
  "never_synced",
  "healthy",
  "disconnected",
];

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** How many stores there are of each health. `stores`: those that are connected. */
export function fleetSummary(stores: readonly FleetStore[]): { stores: number } & Record<Health, number> {
  const of = (health: Health) => stores.filter((store) => store.health === health).length;
  const counts = Object.fromEntries(HEALTHS.map((health) => [health, of(health)])) as Record<Health, number>;
  return { stores: stores.length - counts.disconnected, ...counts };
}
