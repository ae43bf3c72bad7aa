import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { IncomingEvent } from "../../../src/contract/location.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { seedStore } from "../api/support.ts";

let events = 0;

/** An event of a type that nobody knows: the Location stores it and writes no record. */
function unknownEvent(): IncomingEvent {
  const event_id = `evt_${events++}`;
  const now = Date.now();
  return {
    event_id,
    type: "unknown",
    occurred_at: now,
    received_at: now,
    attempt: 1,
    rows: null,
    failures: [],
    body: {},
  };
}

/** How often the store's Location reads the row in D1 while `task` runs. */
async function readsOf(id: string, task: () => Promise<unknown>): Promise<number> {
  let reads = 0;
  const counting = new Proxy(env.DB, {
    get(target, key) {
      if (key === "prepare") {
        return (query: string) => {
          if (/from "locations"/.test(query)) reads++;
          return target.prepare(query);
        };
      }
      const value: unknown = Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const swap = (given: Env) =>
    runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), (instance) => {
      Object.assign(instance, { env: given });
    });
  await swap({ ...env, DB: counting });
  await task();
  await swap(env);
  return reads;
}

describe("how often a Location reads its store's row", () => {
  it("the row is read once for the webhooks and the status of a minute", async () => {
    const { row } = await seedStore();
    const stub = locationStub(env, row.location_id);
    const reads = await readsOf(row.location_id, async () => {
      for (let n = 0; n < 3; n++) await stub.receive([unknownEvent()]);
      await stub.status();
      await stub.receive([unknownEvent()]);
    });
    expect(reads).toBe(1);
  });

  it("the row is read again at each tick, because cron changes it without the Location", async () => {
    const { row } = await seedStore();
    const stub = locationStub(env, row.location_id);
    await stub.receive([unknownEvent()]);
    expect(await readsOf(row.location_id, () => stub.tick(Date.now()))).toBe(1);
    expect(await readsOf(row.location_id, () => stub.tick(Date.now()))).toBe(1);
  });

  it("the row is read again after a change of settings, and the next webhook follows them", async () => {
    const { row } = await seedStore();
    const stub = locationStub(env, row.location_id);
    const inventory = (): IncomingEvent => ({ ...unknownEvent(), rows: { resource: "inventory", rows: [] } });
    expect(await stub.receive([inventory()])).toMatchObject([{ outcome: "invalid" }]);
    const settings = { ...row.settings, data_types: { ...row.settings.data_types, inventory: false } };
    await updateLocation(accountsDb(env), row.location_id, { settings });
    await stub.configured();
    expect(await stub.receive([inventory()])).toMatchObject([{ outcome: "ignored" }]);
    expect((await stub.status())?.data_types.inventory).toBeNull();
  });

  it("the row is read again after a disconnection, and the next webhook ends quietly", async () => {
    const { row } = await seedStore();
    const stub = locationStub(env, row.location_id);
    await stub.receive([unknownEvent()]);
    await updateLocation(accountsDb(env), row.location_id, { deleted_at: Date.now() });
    await stub.disconnect();
    const late = unknownEvent();
    expect(await stub.receive([late])).toEqual([{ event_id: late.event_id, outcome: "ignored" }]);
    expect(await stub.getEvent(late.event_id)).toBeNull();
    expect((await stub.status())?.state).toBe("disconnected");
  });
});

it("a new Location runs in the region of the databases", () => {
  const hints: unknown[] = [];
  const LOCATION = {
    idFromName: (name: string) => name,
    get: (_: string, options: unknown) => void hints.push(options),
  };
  locationStub({ ...env, LOCATION } as unknown as Env, "loc_1");
  expect(hints).toEqual([{ locationHint: "enam" }]);
});
