import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { call, seedStore, token } from "../api/support.ts";
import { rows, write } from "../databases.ts";
import { DEAD_LETTERS, deliver, failingOnce, Rig, SYNC, WEBHOOKS } from "../faults/support.ts";

it("a purge is done once: its message is not tried again because the store's Location deleted itself", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { location_id } = (await seedStore({ deleted_at: 1 })).row;
  const other = (await seedStore()).row.location_id;
  for (const id of [location_id, other]) {
    await write(
      "insert into rooms (location_id, room_key, room_name, room_type, updated_at) values (?, 'r', 'Vault', 'storage', 1)",
      id,
    );
  }
  expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
  expect(await rows("select location_id from rooms")).toEqual([{ location_id: other }]);
  // A message may come twice.
  expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
  expect(error).not.toHaveBeenCalled();
});

describe("F85: nothing of the store stays after a purge", () => {
  /** Every table that names the store, whatever tables there are. */
  async function naming(location_id: string): Promise<string[]> {
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf%' and name not like 'd1_%'",
    );
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const all = await rows<Record<string, unknown>>(`select * from "${name}"`);
        return all.some((row) => JSON.stringify(row).includes(location_id)) ? [name] : [];
      }),
    );
    return found.flat();
  }

  /** Everything in the store's Location. */
  const stored = (location_id: string) =>
    runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(location_id)), (_, { storage }) =>
      [...storage.sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'")]
        .filter(({ name }) => !name.startsWith("_cf"))
        .map(({ name }) => [name, ...storage.sql.exec(`select * from "${name}"`)]),
    );

  it("F85: no table and no Location has its id, its endpoint or its hints; messages on their way are dropped", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const rig = await Rig.open({ salesDays: 3 });
    await rig.start("initial");
    await rig.drain();
    await deliver(DEAD_LETTERS, [{ kind: "push", location_id: rig.id }]);
    const jwt = await token();
    const kept = await naming(rig.id);
    expect(kept).toEqual(expect.arrayContaining(["locations", "products", "sales", "runs", "alerts", "dead_letters"]));
    const path = `/v1/locations/${rig.id}`;
    expect((await call("DELETE", `${path}?purge=true`, { token: jwt, env: rig.env })).status).toBe(204);
    const purges = rig.queue.splice(0).map(({ body }) => body);
    expect(purges).toContainEqual({
      kind: "purge",
      v: MESSAGE_VERSION,
      location_id: rig.id,
      request_id: expect.any(String),
    });
    expect(new Set(await deliver(SYNC, purges, rig.env))).toEqual(new Set(["ack"]));
    expect(await naming(rig.id)).toEqual([]);

    const late = [
      { kind: "step", location_id: rig.id, run_id: "run_1", step: 0 },
      { kind: "replay", location_id: rig.id, after: null },
      { kind: "push", location_id: rig.id },
      { kind: "forget_customers", location_id: rig.id },
      { kind: "purge", location_id: rig.id },
    ];
    expect(new Set(await deliver(SYNC, late, rig.env))).toEqual(new Set(["ack"]));
    const webhook = {
      location_id: rig.id,
      event_id: "evt_late",
      received_at: 1,
      body: { type: "inventory.updated", data: [] },
    };
    expect(await deliver(WEBHOOKS, [webhook], rig.env)).toEqual(["ack"]);
    expect(await deliver(DEAD_LETTERS, [...late, webhook, { location_id: rig.id, what: 1 }], rig.env)).not.toContain(
      "retry",
    );
    expect(await naming(rig.id)).toEqual([]);
    expect(rig.queue).toEqual([]);
    expect(await stored(rig.id)).toEqual(await stored("loc_that_never_was"));
    expect((await call("GET", path, { token: jwt })).status).toBe(404);
    expect((await call("DELETE", `${path}?purge=true`, { token: jwt, env: rig.env })).status).toBe(404);
  });

  it("F85: a connected store is never purged, whoever sent the message", async () => {
    const { location_id } = (await seedStore()).row;
    expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
    expect(await naming(location_id)).toEqual(["locations"]);
  });

  it("F85: a purge that fails half-way keeps its row, and continues when its message comes again", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const { location_id } = (await seedStore({ deleted_at: 1 })).row;
    const broken = failingOnce(env, { at: "prepare", nth: 4 });
    expect(await deliver(SYNC, [{ kind: "purge", location_id }], broken.env)).toEqual(["retry"]);
    expect(await naming(location_id)).toEqual(["locations"]);
    expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
    expect(await naming(location_id)).toEqual([]);
  });
});
