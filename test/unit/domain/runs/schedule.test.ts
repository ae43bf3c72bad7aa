import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frequency } from "../../../../src/domain/records/model.ts";
import { jitterMs, NIGHT_MS, nextNightAt, nextPollAt } from "../../../../src/domain/runs/schedule.ts";
import { DAY, HOUR, MINUTE, T0 } from "../build.ts";

/** The local clock at an instant: `2026-03-08 03:04`. */
function localClock(at: number, time_zone: string): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: time_zone, dateStyle: "short", timeStyle: "short" }).format(at);
}

describe("a store's jitter", () => {
  it("a store's jitter is fixed and below its bound", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: DAY }), (location_id, within) => {
        expect(jitterMs(location_id, within)).toBe(jitterMs(location_id, within));
        expect(jitterMs(location_id, within)).toBeGreaterThanOrEqual(0);
        expect(jitterMs(location_id, within)).toBeLessThan(within);
      }),
    );
  });

  it("jitter spreads polls over their interval and nights over three hours, so that no tick has twice its share", () => {
    const stores = Array.from({ length: 6_000 }, (_, index) => `loc_${index}`);
    const perTick = (at: (location_id: string) => number) =>
      [...Map.groupBy(stores, (id) => Math.floor(at(id) / (5 * MINUTE))).values()].map((due) => due.length);
    const polls = perTick((id) => (nextPollAt("every_15_minutes", T0, id) ?? 0) % (15 * MINUTE));
    expect(polls).toHaveLength(3);
    for (const due of polls) expect(due).toBeLessThan((1.1 * stores.length) / 3);
    const nights = perTick((id) => nextNightAt({ overnight_hour: 3 }, "America/Denver", T0, id) % DAY);
    expect(nights).toHaveLength(36);
    for (const due of nights) expect(due).toBeLessThan((2 * stores.length) / 36);
  });
});

describe("the next poll", () => {
  it.each<[Frequency, number]>([
    ["realtime", 15 * MINUTE],
    ["every_15_minutes", 15 * MINUTE],
    ["hourly", HOUR],
  ])("%s: the next poll is in the next slot of the clock, whenever the last poll started", (frequency, interval) => {
    fc.assert(
      fc.property(fc.integer({ min: T0, max: T0 + 7 * DAY }), fc.string(), (started_at, location_id) => {
        const next = nextPollAt(frequency, started_at, location_id);
        if (next === null) throw new Error("a poll is due");
        expect((next - jitterMs(location_id, interval)) % interval).toBe(0);
        expect(next).toBeGreaterThan(started_at);
        expect(next - started_at).toBeLessThanOrEqual(interval);
      }),
    );
  });

  it("a poll that starts late does not push the later ones back", () => {
    const first = nextPollAt("hourly", T0, "loc_1") ?? 0;
    expect(nextPollAt("hourly", first + 20 * MINUTE, "loc_1")).toBe(first + HOUR);
  });

  it("a daily store has no poll but the nightly sync", () => {
    expect(nextPollAt("daily", T0, "loc_1")).toBeNull();
  });
});

describe("the next night", () => {
  const night = (hour: number, time_zone: string, now: number) =>
    nextNightAt({ overnight_hour: hour }, time_zone, now, "loc_1");
  const JITTER = jitterMs("loc_1", NIGHT_MS);
  const clock = (hour: number, time_zone: string, now: string) =>
    new Date(night(hour, time_zone, Date.parse(now)) - JITTER).toISOString();

  it.each([
    ["in standard time", 3, "America/Denver", "2026-01-10T20:00:00Z", "2026-01-11T10:00:00.000Z"],
    ["in summer time", 3, "America/Denver", "2026-07-10T20:00:00Z", "2026-07-11T09:00:00.000Z"],
    ["later this morning", 3, "America/Denver", "2026-07-11T08:00:00Z", "2026-07-11T09:00:00.000Z"],
    [
      "on the day the clock goes forward, at the new time",
      3,
      "America/Denver",
      "2026-03-08T05:00:00Z",
      "2026-03-08T09:00:00.000Z",
    ],
    ["an hour before the clock goes forward", 1, "America/Denver", "2026-03-08T05:00:00Z", "2026-03-08T08:00:00.000Z"],
    ["on the day the clock goes back", 3, "America/Denver", "2026-11-01T05:00:00Z", "2026-11-01T10:00:00.000Z"],
    ["an hour that comes twice: the first", 1, "America/Denver", "2026-11-01T05:00:00Z", "2026-11-01T07:00:00.000Z"],
    ["an hour that comes twice: not again", 1, "America/Denver", "2026-11-01T10:00:00Z", "2026-11-02T08:00:00.000Z"],
    ["half an hour off", 3, "Asia/Kolkata", "2026-06-01T00:00:00Z", "2026-06-01T21:30:00.000Z"],
    ["a quarter of an hour off", 3, "Asia/Kathmandu", "2026-06-01T00:00:00Z", "2026-06-01T21:15:00.000Z"],
    ["half an hour off and west", 3, "America/St_Johns", "2026-06-01T00:00:00Z", "2026-06-01T05:30:00.000Z"],
    ["a day ahead of UTC", 3, "Pacific/Kiritimati", "2026-06-01T00:00:00Z", "2026-06-01T13:00:00.000Z"],
    ["midnight", 0, "America/Denver", "2026-06-01T00:00:00Z", "2026-06-01T06:00:00.000Z"],
    ["across the year", 3, "America/Denver", "2026-12-31T20:00:00Z", "2027-01-01T10:00:00.000Z"],
  ])("the next night is at the right time: %s", (_, hour, time_zone, now, expected) => {
    expect(clock(hour, time_zone, now)).toBe(expected);
  });

  it("the night starts after its jitter, and not before", () => {
    const at = night(3, "America/Denver", Date.parse("2026-01-10T20:00:00Z"));
    expect(at - Date.parse("2026-01-11T10:00:00Z")).toBe(JITTER);
    expect(night(3, "America/Denver", at - 1)).toBe(at);
    expect(night(3, "America/Denver", at)).toBe(at + DAY);
  });

  const ZONES = [
    "America/Denver",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Australia/Adelaide",
    "Australia/Lord_Howe",
  ];
  it.each(ZONES.flatMap((zone) => [0, 3, 22].map((hour): [string, number] => [zone, hour])))(
    "%s: every local day of a year, changes of the clock included, has one night at %d",
    (time_zone, hour) => {
      for (const from of [Date.UTC(2026, 2, 1), Date.UTC(2026, 8, 25)]) {
        let at = night(hour, time_zone, from);
        for (let day = 0; day < 45; day++) {
          const [date, time] = localClock(at - JITTER, time_zone).split(" ");
          expect(time?.slice(0, 2)).toBe(String(hour).padStart(2, "0"));
          const next = night(hour, time_zone, at + 10 * MINUTE);
          const tomorrow = new Date(Date.parse(`${date}T12:00:00Z`) + DAY).toISOString().slice(0, 10);
          expect(localClock(next - JITTER, time_zone).slice(0, 10)).toBe(tomorrow);
          at = next;
        }
      }
    },
  );
});
