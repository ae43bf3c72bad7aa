import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage, until } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open({ WATCHDOG_MS: "5000" });
});
afterAll(() => stage.close());

describe("a store connects, syncs, and stays equal to Dutchie", () => {
  it.each(["pos", "guide"] as const)(
    "profile %s: a store is detected, imported whole and equal to Dutchie",
    async (profile) => {
      const store = await stage.connect({ profiles: [profile], size: 120, seed: 7 });
      expect(store.profile).toBe(profile);
      const run = await store.sync("initial");
      expect(run).toMatchObject({ state: "completed", percent: 100, failed: 0, error: null });
      expect(run.verification?.accuracy).toBe(1);
      expect(await store.differences()).toEqual([]);
    },
  );

  it("webhooks alone keep a store equal to Dutchie", async () => {
    const store = await stage.connect({ seed: 3 });
    await store.sync("initial");
    store.sendWebhooks();
    store.dutchie.act({ count: 60 });
    await store.dutchie.webhooks.idle();
    const sent = store.dutchie.deliveries().length;
    expect(sent).toBeGreaterThan(60);
    const status = await until(
      () => store.get<{ last_24h: { webhooks: Record<string, number> } }>("/status"),
      ({ last_24h: { webhooks } }) => (webhooks.applied ?? 0) + (webhooks.stale ?? 0) >= sent,
    );
    expect(status.last_24h.webhooks).toMatchObject({ received: sent, invalid: 0, ignored: 0 });
    expect(await store.differences()).toEqual([]);
  });

  it("polling alone keeps a store equal to Dutchie", async () => {
    const store = await stage.connect({ seed: 4 });
    await store.sync("initial");
    store.dutchie.act({ count: 80 });
    const run = await store.sync("incremental");
    expect(run.state).toBe("completed");
    expect(await store.differences()).toEqual([]);
  });

  it("both profiles of one simulated store give the same records", async () => {
    const opened = Date.now();
    const twin = { size: 80, seed: 11, now: () => opened };
    const stores = await Promise.all((["pos", "guide"] as const).map((profile) => stage.connect({ ...twin, profile })));
    await Promise.all(stores.map((store) => store.sync("initial")));
    const records = await Promise.all(
      stores.map(async (store) => {
        const lists = ["/products?include_merged=true", "/inventory", "/sales"].map((path) =>
          stage.api.all<Record<string, unknown>>(`/v1/locations/${store.id}${path}`),
        );
        // The guide's API tells no allocation.
        const allocation = ["reserved_quantity", "available_quantity"];
        const versions = ["location_id", "last_sync", "source_updated_at", "updated_at", "created_at", ...allocation];
        const content = (row: Record<string, unknown>) =>
          Object.fromEntries(Object.entries(row).filter(([key]) => !versions.includes(key)));
        return (await Promise.all(lists)).map((rows) =>
          rows.map(content).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
        );
      }),
    );
    const [pos, guide] = records;
    expect(pos?.[0]?.length).toBeGreaterThan(79);
    expect(guide).toEqual(pos);
  });

  it("a second run is refused with the id of the running one, and a cancelled run stops", async () => {
    const store = await stage.connect({ size: 60 });
    // Not one that waits: a person's start supersedes it.
    store.dutchie.setFaults([{ kind: "slow", path: "/reporting/products", ms: 10_000 }]);
    const run = await store.start("initial");
    await expect(store.start("full")).rejects.toThrow(new RegExp(`409.*${run.run_id}`));
    await until(
      () => store.run(run.run_id),
      (view) => view.phases.some((phase) => phase.resource === "products" && phase.state === "running"),
    );
    await store.post(`/syncs/${run.run_id}/cancel`);
    expect((await store.run(run.run_id)).state).toBe("cancelled");
    store.dutchie.clearFaults();
    expect((await store.sync("initial")).state).toBe("completed");
  });

  it("a kill of the Worker during the initial sync loses nothing: the run continues and ends equal to Dutchie", async () => {
    const store = await stage.connect({ size: 400, salesDays: 60, seed: 5 });
    // Slow enough to be caught in the middle.
    store.dutchie.setFaults([{ kind: "slow", path: "/reporting/transactions", ms: 700 }]);
    const run = await store.start("initial");
    await until(
      () => store.run(run.run_id),
      (view) => view.phases.some((phase) => phase.resource === "sales" && phase.state === "running"),
    );
    await stage.crashAndRestart();
    store.dutchie.clearFaults();
    const ended = await store.ended(run.run_id);
    expect(ended.state).toBe("completed");
    expect(await store.differences()).toEqual([]);
  });
});
