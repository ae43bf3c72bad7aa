import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { HourTable } from "../../../src/location/storage/hours.ts";

const HOUR = 3_600_000;
const NOW = 500_000 * HOUR + HOUR / 2;

it.each([
  ["an hour ago, as by a call that began before the hour", NOW - HOUR],
  ["as the first of its hour", NOW - 7 * HOUR],
  ["in the oldest of the 24 hours", NOW - 23 * HOUR],
  ["now", NOW],
])("the sums of the last day contain what is counted %s, though they were asked for before", async (_, at) => {
  const object = env.LOCATION.get(env.LOCATION.idFromName(`loc_hours_${at}`));
  await runInDurableObject(object, (_instance, { storage }) => {
    const hours = new HourTable(storage.sql);
    hours.count("runs", 1, NOW - HOUR);
    expect(hours.last24h(NOW).runs).toBe(1);
    hours.countAll({ runs: 2, applied: 1 }, [1_500], at);
    expect(hours.last24h(NOW)).toMatchObject({ runs: 3, applied: 1 });
    expect(hours.last24h(NOW)).toEqual(new HourTable(storage.sql).last24h(NOW));
  });
});
