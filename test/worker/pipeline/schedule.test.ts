import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { expect, it } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { locations } from "../../../src/db/schema/accounts.ts";
import { runDueStores } from "../../../src/pipeline/chores/schedule.ts";
import { seedStore } from "../api/support.ts";

const NOW = Date.now();
const DAY = 86_400_000;

async function store(given: Parameters<typeof seedStore>[0]): Promise<string> {
  const { row } = await seedStore(given);
  return row.location_id;
}

it("F58: cron starts only what is due, a store that never synced included, and starts it once if cron comes twice", async () => {
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
