import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { accountsDb, recordsDb } from "../../../src/db/records.ts";
import { changes, locations } from "../../../src/db/schema.ts";
import { purgeOldChanges } from "../../../src/pipeline/change-retention.ts";
import { runDueStores } from "../../../src/pipeline/schedule.ts";
import { seedStore } from "../api/support.ts";

const NOW = Date.now();
const DAY = 86_400_000;

async function store(given: Parameters<typeof seedStore>[0]): Promise<string> {
  const { row } = await seedStore(given);
  return row.location_id;
}

it("F58: cron starts what is due, a store that never synced too, and nothing else; coming twice it starts it once", async () => {
  const due = await store({ next_sync_at: NOW - 1 });
  const night = await store({ next_sync_at: NOW - 1, next_full_at: NOW - 1 });
  await store({ next_sync_at: NOW + DAY, next_full_at: NOW + DAY });
  const fresh = await store({ state: "never_synced", created_at: NOW - 1 });
  await store({ next_sync_at: NOW - 1, deleted_at: NOW - 1, state: "disconnected" });
  expect((await runDueStores(env, NOW)).started.sort()).toEqual([due, night, fresh].sort());
  expect((await runDueStores(env, NOW)).started).toEqual([]);
  const states = await accountsDb(env)
    .select({ state: locations.state })
    .from(locations)
    .where(eq(locations.location_id, night));
  expect(states).toEqual([{ state: "syncing" }]);
});

it("the change log is kept 90 days", async () => {
  const location_id = await store({});
  const other = await store({});
  const change = (location_id: string, at: number) => ({
    location_id,
    change_id: `${at.toString(36).padStart(9, "0")}abc`,
    resource: "products",
    record_id: "prd_1",
    fields: {},
    cause: "poll",
    at,
  });
  const db = recordsDb(env, location_id);
  await db
    .insert(changes)
    .values([
      change(location_id, NOW - 91 * DAY),
      change(location_id, NOW - 90 * DAY - 1),
      change(location_id, NOW - 89 * DAY),
      change(other, NOW - 91 * DAY),
    ]);
  expect(await purgeOldChanges(env, location_id, NOW)).toBe(2);
  const left = await db.select({ id: changes.location_id, at: changes.at }).from(changes).orderBy(changes.at);
  expect(left).toEqual([
    { id: other, at: NOW - 91 * DAY },
    { id: location_id, at: NOW - 89 * DAY },
  ]);
});
