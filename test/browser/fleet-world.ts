import type { Page } from "playwright-core";

/** A store as `GET /v1/status` answers it. */
export interface FakeStore {
  location_id: string;
  name: string;
  health: string;
  activity: string;
  problem: { code: string; message: string; action: string; since: string | null } | null;
  data_age_seconds: number | null;
  accuracy: { value: number; checked_at: string; healed: number; correctable?: number } | null;
  open_reviews: number | null;
  active_alerts: number;
  disconnected_at: string | null;
  hours: ("good" | "failed" | null)[];
}

const HOUR_MS = 3_600_000;
export const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** A store that is well, but for what is given. */
export function fakeStore(n: number, given: Partial<FakeStore> = {}): FakeStore {
  return {
    location_id: `loc_${n}`,
    name: `Store ${String(n).padStart(3, "0")}`,
    health: "healthy",
    activity: "idle",
    problem: null,
    data_age_seconds: 240,
    accuracy: { value: 1, checked_at: hoursAgo(5), healed: 0 },
    open_reviews: 0,
    active_alerts: 0,
    disconnected_at: null,
    hours: Array.from({ length: 24 }, () => "good"),
    ...given,
  };
}

/** A chain of twelve stores in different states. */
export const chain = (): FakeStore[] => [
  ...[1, 2, 3, 4, 5].map((n) => fakeStore(n)),
  fakeStore(6, {
    name: "Alameda",
    health: "failing",
    // A retry is under way: it must not hide the failure.
    activity: "syncing",
    problem: {
      code: "UNAUTHORIZED",
      message: "Dutchie does not accept the API key (401 on /whoami). Create a new key and enter it in the settings.",
      action: "enter_key",
      since: hoursAgo(2),
    },
    data_age_seconds: 7_200,
    active_alerts: 1,
    hours: Array.from({ length: 24 }, (_, i) => (i < 20 ? "good" : i < 22 ? null : "failed")),
  }),
  fakeStore(7, {
    name: "Birch",
    health: "failing",
    activity: "waiting",
    problem: { code: "UPSTREAM_5XX", message: "Dutchie's server fails.", action: "wait", since: hoursAgo(1) },
    data_age_seconds: 3_600,
  }),
  fakeStore(8, {
    name: "Cedar",
    health: "stale",
    problem: { code: "STALE", message: "No sync has succeeded for 3 hours.", action: "run_sync", since: hoursAgo(3) },
    data_age_seconds: 10_800,
    accuracy: { value: 0.9967, checked_at: hoursAgo(20), healed: 0 },
  }),
  fakeStore(9, {
    name: "Dogwood",
    health: "needs_decision",
    problem: { code: "HELD_SNAPSHOT", message: "38 packages are missing.", action: "review", since: hoursAgo(4) },
    open_reviews: 3,
  }),
  fakeStore(10, {
    name: "Elm",
    health: "never_synced",
    problem: null,
    data_age_seconds: null,
    accuracy: null,
  }),
  fakeStore(11, { name: "Fir", activity: "syncing" }),
  fakeStore(12, { name: "Ginkgo", open_reviews: null }),
];

const HEALTHS = ["healthy", "needs_decision", "stale", "failing", "never_synced", "disconnected"];

/** Lets the page see these stores, and notes which syncs it starts. */
export async function serveFleet(page: Page, stores: () => FakeStore[]): Promise<{ started: string[] }> {
  const started: string[] = [];
  await page.route(/\/v1\/status(\?.*)?$/, (route) => {
    const asked = new URL(route.request().url()).searchParams.get("health");
    const of = (health: string) => stores().filter((store) => store.health === health);
    const connected = stores().filter(({ health }) => health !== "disconnected");
    const counts = Object.fromEntries(HEALTHS.map((health) => [health, of(health).length]));
    const data = asked === null ? connected : of(asked);
    return route.fulfill({ json: { data, summary: { stores: connected.length, ...counts } } });
  });
  await page.route("**/v1/locations/*/syncs", async (route) => {
    const request = route.request();
    if (request.method() !== "POST") return route.continue();
    const id = /locations\/([^/]+)/.exec(request.url())?.[1] ?? "";
    const { mode, heal = false } = request.postDataJSON() as { mode: string; heal?: boolean };
    started.push(`${id} ${mode}${heal ? " heal" : ""}`);
    if (id === "loc_11") {
      const error = { code: "CONFLICT", message: "A sync is running already.", details: {} };
      return route.fulfill({ status: 409, json: { error } });
    }
    return route.fulfill({ status: 202, json: {} });
  });
  return { started };
}
