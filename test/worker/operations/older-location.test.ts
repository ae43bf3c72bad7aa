import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { deliver, Rig, recordsOf, truthOf, WEBHOOKS } from "../faults/support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const objectOf = (id: string) => env.LOCATION.get(env.LOCATION.idFromName(id));

/** Every table, index and trigger of a Location. */
const schemaOf = (id: string) =>
  runInDurableObject(objectOf(id), (_, { storage }) =>
    [
      ...storage.sql.exec<{ sql: string }>(
        "select sql from sqlite_master where sql is not null and name not like '_cf%'",
      ),
    ]
      .map(({ sql }) => sql.replaceAll(/\s+/g, " "))
      .sort(),
  );

/** How the schema of an earlier build was, beginning at the newest migration: what takes each of them back. */
const BACK = [
  "alter table deliveries drop column replays",
  "drop table collected",
  "drop table creations",
  "alter table losses drop column was",
  "drop table deliveries",
  "alter table seen drop column dead",
];

it.each([1, 2, 3, 4, 5, 6])(
  "a Location with the schema of %i migrations before wakes with its data, migrates and goes on",
  async (steps) => {
    const rig = await Rig.open({ size: 10 });
    const webhook = (event_id: string) => ({
      location_id: rig.id,
      event_id,
      received_at: Date.now(),
      body: { type: "unknown.happened", data: {} },
    });
    await deliver(WEBHOOKS, [webhook("evt_before")], rig.env);
    await rig.start("initial");
    const now = await schemaOf(rig.id);
    await runInDurableObject(objectOf(rig.id), (_, { storage }) => {
      for (const sql of BACK.slice(0, steps)) storage.sql.exec(sql);
      const { newest } = storage.sql.exec<{ newest: number }>("select max(version) as newest from migrations").one();
      storage.sql.exec("delete from migrations where version > ?", newest - steps);
    });
    expect(await schemaOf(rig.id)).not.toEqual(now);
    await evictDurableObject(objectOf(rig.id));
    // The run that was under way goes on.
    await rig.drain();
    expect(await schemaOf(rig.id)).toEqual(now);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    expect((await rig.location.getEvent("evt_before"))?.outcome).toBe("ignored");
    await deliver(WEBHOOKS, [webhook("evt_after")], rig.env);
    expect((await rig.location.getEvent("evt_after"))?.outcome).toBe("ignored");
  },
);
