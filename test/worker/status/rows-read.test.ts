import { afterEach, expect, it, vi } from "vitest";
import { withDatabases } from "../databases.ts";
import { Rig } from "../faults/support.ts";

afterEach(() => vi.unstubAllGlobals());

/** Rows that the databases of records read for `task`, by the statements. */
async function readFor(rig: Rig, task: (given: Env) => Promise<void>): Promise<number> {
  let read = 0;
  const add = <R extends D1Result>(result: R): R => {
    read += result.meta.rows_read;
    return result;
  };
  const spied = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get: (target, name) => {
        if (name === "bind") return (...values: unknown[]) => spied(target.bind(...values));
        if (name === "all" || name === "run") return async () => add(await target[name]());
        if (name === "raw")
          return async () => add(await target.all()).results.map((row) => Object.values(row as object));
        return Reflect.get(target, name);
      },
    });
  const given = withDatabases(rig.env, (d1) => ({
    prepare: (query: string) => spied(d1.prepare(query)),
    batch: async (statements: D1PreparedStatement[]) => (await d1.batch(statements)).map(add),
  }));
  await rig.withEnv(given);
  await task(given);
  await rig.withEnv(rig.env);
  return read;
}

it.each([
  ["a full sync", "full", 1.3],
  ["a poll", "incremental", 1.3],
] as const)("%s that finds nothing new reads each record about once", async (_, mode, most) => {
  const rig = await Rig.open({ size: 400, salesDays: 20, salesPerDay: 30 });
  await rig.start("initial");
  await rig.drain();
  let records = 0;
  const read = await readFor(rig, async (given) => {
    await rig.start(mode);
    await rig.drain(given);
    records = (await rig.status()).last_run?.records_processed ?? 0;
  });
  expect(records).toBeGreaterThan(400);
  // What does not grow with the store: its rooms, counters, its row and the run's.
  const rest = 100;
  expect(read - rest).toBeLessThan(records * most);
});
