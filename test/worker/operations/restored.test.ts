import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shardsOf } from "../../../src/db/databases.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";
import { alarm, firing, HOUR, later, MINUTE } from "../runs/support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

type Row = Record<string, unknown>;

/** The database of the store's records. */
function databaseOf(rig: Rig): D1Database {
  const d1 = shardsOf(rig.env).get(rig.row.shard);
  if (d1 === undefined) throw new Error("The store has no database.");
  return d1;
}

async function tablesOf(d1: D1Database): Promise<Map<string, Row[]>> {
  const { results } = await d1
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf%' and name not like 'd1_%'",
    )
    .all<{ name: string }>();
  const tables = new Map<string, Row[]>();
  for (const { name } of results) tables.set(name, (await d1.prepare(`select * from "${name}"`).all<Row>()).results);
  return tables;
}

/** As D1's time travel does: every table is as it was. */
async function restore(d1: D1Database, tables: ReadonlyMap<string, Row[]>): Promise<void> {
  // Triggers change `counts` whenever another table changes.
  const order = [...tables].sort(([a], [b]) => Number(a === "counts") - Number(b === "counts"));
  for (const [name, all] of order) {
    await d1.prepare(`delete from "${name}"`).run();
    for (const row of all) {
      const columns = Object.keys(row).map((column) => `"${column}"`);
      await d1
        .prepare(`insert into "${name}" (${columns}) values (${columns.map(() => "?")})`)
        .bind(...Object.values(row))
        .run();
    }
  }
  expect(await tablesOf(d1)).toEqual(tables);
}

/** Everything in the queue, webhooks that are played again, too. */
async function play(rig: Rig): Promise<void> {
  await alarm(rig);
  for (let next = rig.queue.shift(); next !== undefined; next = rig.queue.shift()) {
    if (next.due > Date.now()) vi.setSystemTime(next.due);
    const isWebhook = typeof next.body === "object" && next.body !== null && "event_id" in next.body;
    expect(await deliver(isWebhook ? WEBHOOKS : SYNC, [next.body], rig.env)).toEqual(["ack"]);
  }
}

/** Dutchie changes a package, and its webhook comes. */
async function restock(rig: Rig, id: number, quantity: number, event_id: string): Promise<void> {
  rig.dutchie.setPackage(id, { quantity });
  const rooms = rig.dutchie.world.packages.get(id)?.rooms ?? [];
  const room = (roomId: number) => rig.dutchie.world.rooms.find((each) => each.id === roomId)?.name;
  const roomQuantities = rooms.map((each) => ({ room: room(each.roomId), quantityAvailable: each.quantity }));
  const body = {
    type: "inventory.updated",
    occurred_at: new Date().toISOString(),
    data: { inventoryId: id, quantityAvailable: quantity, roomQuantities },
  };
  await deliver(WEBHOOKS, [{ location_id: rig.id, event_id, received_at: Date.now(), body }], rig.env);
}

/** Alerts, without the one for silent webhooks: most sales of these tests have none. */
const alarming = async (rig: Rig) => (await firing(rig)).filter((alert) => !alert.startsWith("webhooks_silent"));

const newestChange = async (rig: Rig) =>
  (await rows<{ id: string }>("select max(change_id) as id from changes where location_id = ?", rig.id))[0]?.id ?? "";

/** A store, the copy of its database from yesterday, and a day of business since. */
async function aDayLater() {
  const rig = await Rig.open({ size: 25, salesDays: 3 });
  await rig.start("initial");
  await rig.drain();
  await play(rig);
  const yesterday = await tablesOf(databaseOf(rig));
  const [sold, stocked, gone] = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length > 0);
  if (sold === undefined || stocked === undefined || gone === undefined) throw new Error("Too little stock.");
  later(10 * HOUR);
  rig.dutchie.act({ count: 30 });
  await restock(rig, stocked.id, 77, `evt_stocked_${rig.id}`);
  await restock(rig, sold.id, 0, `evt_sold_${rig.id}`);
  rig.dutchie.removePackage(gone.id);
  for (let poll = 0; poll < 2; poll++) {
    later(7 * HOUR);
    await rig.start("incremental");
    await rig.drain();
  }
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
  return { rig, yesterday, sold, stocked };
}

describe("a database of records that was restored to yesterday", () => {
  it.each<[string, (rig: Rig, id: number) => Promise<unknown>]>([
    ["nothing else happens", async () => {}],
    ["webhooks come before the rebuild", (rig, id) => restock(rig, id, 5, `evt_between_${rig.id}`)],
    [
      "a poll comes before the rebuild",
      async (rig) => {
        later(15 * MINUTE);
        await rig.start("incremental");
        await rig.drain();
      },
    ],
    [
      "Dutchie sells before the rebuild, and its webhooks are lost",
      async (rig) => {
        rig.dutchie.act({ count: 10 });
        later(6 * MINUTE);
      },
    ],
  ])("is equal to Dutchie again after a rebuild, and the next sync writes nothing: %s", async (_, between) => {
    const { rig, yesterday, stocked } = await aDayLater();
    const newest = await newestChange(rig);
    await restore(databaseOf(rig), yesterday);
    expect(await recordsOf(rig.id)).not.toEqual(truthOf(rig.dutchie));
    await between(rig, stocked.id);
    expect((await rig.location.rebuild()).ok).toBe(true);
    await rig.drain();
    await play(rig);
    later(10 * MINUTE);
    await rig.start("full");
    await rig.drain();
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    const status = await rig.status();
    expect(status).toMatchObject({ state: "idle", queue: { pending_events: 0, dead_letters: 0 } });
    expect(await alarming(rig)).toEqual([]);
    expect(status.last_run).toMatchObject({ mode: "full", created: 0, updated: 0, deleted: 0, failed: 0 });
    await rig.location.startRun({ mode: "verify", trigger: "manual", heal: false });
    await rig.drain();
    expect((await rig.status()).last_run?.verification?.accuracy).toBe(1);
    // A reader of the feed goes on behind what it has read.
    expect((await newestChange(rig)) > newest).toBe(true);
  });

  it("is equal to Dutchie again after the next poll and night, also if nobody notices", async () => {
    const { rig, yesterday, sold, stocked } = await aDayLater();
    await restore(databaseOf(rig), yesterday);
    for (const mode of ["incremental", "full"] as const) {
      later(30 * MINUTE);
      await rig.start(mode);
      await rig.drain();
    }
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    expect(await recordsOf(rig.id)).toContainEqual(expect.stringMatching(new RegExp(`^package ${stocked.id} in .*: `)));
    expect((await recordsOf(rig.id)).filter((line) => line.startsWith(`package ${sold.id} `))).toEqual([]);
    expect(await alarming(rig)).toEqual([]);
  });
});
