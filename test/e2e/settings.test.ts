import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunView, Stage, type Store, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** Cron comes round, as Cloudflare would call it; the run that it started, ended. */
async function tick(store: Store): Promise<RunView> {
  const before = await newest(store);
  const response = await fetch(`${stage.api.url}/cdn-cgi/handler/scheduled?cron=*/15+*+*+*+*`);
  expect(response.status).toBe(200);
  const run = await until(
    () => newest(store),
    (found) => found?.run_id !== before?.run_id,
  );
  if (run === undefined) throw new Error("No run was started.");
  return store.ended(run.run_id);
}

async function newest(store: Store): Promise<RunView | undefined> {
  return (await store.get<{ data: RunView[] }>("/syncs?limit=1")).data[0];
}

describe("changed settings take effect at the next tick", () => {
  it("a data type that is switched on is read with its whole history", async () => {
    const settings = { data_types: { sales: false } };
    const store = await stage.connect({ seed: 31, settings });
    await store.sync("initial");
    expect((await store.get<{ records: { sales: number } }>("/status")).records.sales).toBe(0);
    await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings: { data_types: { sales: true } } });
    expect(await tick(store)).toMatchObject({ mode: "incremental", trigger: "schedule", state: "completed" });
    expect(await store.differences()).toEqual([]);
  });

  it("a room's new type reaches its records, and a daily store is read at night again", async () => {
    const store = await stage.connect({ seed: 32 });
    await store.sync("initial");
    const settings = { frequency: "daily", room_types: { vault: "secret_menu" } };
    await stage.api.call("PATCH", `/v1/locations/${store.id}`, { settings });
    await tick(store);
    const rows = await stage.api.all<{ room_name: string; room_type: string }>(`/v1/locations/${store.id}/inventory`);
    const vault = rows.filter((row) => row.room_name === "Vault");
    expect(vault.length).toBeGreaterThan(0);
    expect(new Set(vault.map((row) => row.room_type))).toEqual(new Set(["secret_menu"]));
    const { next_sync_at } = await store.get<{ next_sync_at: string }>("/status");
    // In the three hours from 3 in the morning on, in the store's time zone.
    const local = new Date(next_sync_at).toLocaleTimeString("en-GB", { timeZone: "America/Denver" });
    expect(local).toMatch(/^0[345]:/);
  });
});
