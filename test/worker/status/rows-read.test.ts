import { afterEach, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { withDatabases } from "../databases.ts";
import { Rig } from "../faults/support.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Rows that the databases read for `task`, by the statements, and the statements that were not part of a batch. */
async function readFor(rig: Rig, task: (given: Env) => Promise<void>): Promise<{ rows: number; asked: string[] }> {
  let rows = 0;
  const asked: string[] = [];
  const add = <R extends D1Result>(result: R): R => {
    rows += result.meta.rows_read;
    return result;
  };
  const spied = (statement: D1PreparedStatement, query: string): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        if (name === "bind") return (...values: unknown[]) => spied(target.bind(...values), query);
        if (name === "all" || name === "run" || name === "raw") asked.push(query);
        if (name === "all" || name === "run") return async () => add(await target[name]());
        if (name === "raw")
          return async () => add(await target.all()).results.map((row) => Object.values(row as object));
        return Reflect.get(target, name);
      },
    });
  const given = withDatabases(rig.env, (d1) => ({
    prepare: (query: string) => spied(d1.prepare(query), query),
    batch: async (statements: D1PreparedStatement[]) => (await d1.batch(statements)).map(add),
  }));
  await rig.withEnv(given);
  await task(given);
  await rig.withEnv(rig.env);
  return { rows, asked };
}

it.each([
  ["a full sync", "full", 1.3],
  ["a poll", "incremental", 1.3],
] as const)("%s that finds nothing new reads each record about once", async (_, mode, most) => {
  const rig = await Rig.open({ size: 400, salesDays: 20, salesPerDay: 30 });
  await rig.start("initial");
  await rig.drain();
  let records = 0;
  const { rows } = await readFor(rig, async (given) => {
    await rig.start(mode);
    await rig.drain(given);
    records = (await rig.status()).last_run?.records_processed ?? 0;
  });
  expect(records).toBeGreaterThan(400);
  // What does not grow with the store: its rooms, counters, its row and the run's.
  const rest = 100;
  expect(rows - rest).toBeLessThan(records * most);
});

it("a poll that cron starts reads the store's row three times: to call it, to start, and to read from Dutchie", async () => {
  // Noon in Denver: at night the poll would be the store's full sync.
  vi.setSystemTime(new Date().setUTCHours(19, 0, 0, 0));
  const rig = await Rig.open({ size: 20 });
  await rig.start("initial");
  await rig.drain();
  vi.setSystemTime(Date.now() + 20 * 60_000);
  const { asked } = await readFor(rig, async (given) => {
    rig.queue.push({
      body: { kind: "start", v: MESSAGE_VERSION, location_id: rig.id, at: Date.now() },
      due: Date.now(),
    });
    await rig.drain(given);
  });
  expect((await rig.status()).last_run).toMatchObject({ mode: "incremental", state: "completed" });
  expect(asked.filter((query) => query.includes('from "locations"'))).toHaveLength(3);
});
