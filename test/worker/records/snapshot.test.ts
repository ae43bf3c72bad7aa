import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ErrorBody } from "../api/support.ts";
import { appWith, call, token, working } from "../api/support.ts";
import { Rig } from "../faults/support.ts";

const NOON = Date.parse("2026-10-30T19:00:00Z");
const DAY = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

interface Page {
  as_of: string;
  data: { dutchie_inventory_id: string; room_name: string; quantity: number; available_quantity: number }[];
  next_cursor: string | null;
}

const app = appWith(working, () => Date.now());
const ask = async (query: string) =>
  call("GET", `/v1/inventory/snapshot?${query}`, { app, token: await token({ role: "viewer" }) });

async function stockOn(rig: Rig, date: string, limit = 7): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const more: string = cursor === null ? "" : `&cursor=${cursor}`;
    const page: Page = await (await ask(`date=${date}&location_id=${rig.id}&limit=${limit}${more}`)).json<Page>();
    lines.push(...page.data.map((row) => `${row.dutchie_inventory_id} ${row.room_name} ${row.quantity}`));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return lines.sort();
}

const truth = (rig: Rig): string[] =>
  (rig.dutchie.oracle().inventory ?? [])
    .filter((row) => row.quantity !== 0)
    .map((row) => `${row.dutchie_inventory_id} ${row.room_name} ${row.quantity}`)
    .sort();

it("the stock of each past day is what the store had when that day ended, over the end of daylight saving time", async () => {
  const rig = await Rig.open({}, { created_at: NOON - 60_000 });
  const days: [string, string[]][] = [];
  const ids = [...rig.dutchie.world.packages.values()].map(({ id }) => id);
  for (const [index, day] of ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"].entries()) {
    vi.setSystemTime(NOON + index * DAY);
    if (index > 0) {
      rig.dutchie.setPackage(ids[0] ?? 0, { quantity: 100 + index }, { silent: true });
      rig.dutchie.setPackage(ids[index] ?? 0, { quantity: 0 }, { silent: true });
      if (index > 1) rig.dutchie.setPackage(ids[index - 1] ?? 0, { quantity: index }, { silent: true });
    }
    vi.setSystemTime(NOON + index * DAY + 10 * 60_000);
    await rig.start(index === 0 ? "initial" : "full");
    await rig.drain();
    days.push([day, truth(rig)]);
  }
  for (const [day, stock] of days) expect([day, await stockOn(rig, day)]).toEqual([day, stock]);
  expect(new Set(days.map(([, stock]) => stock.join())).size).toBe(4);
  const page = await (await ask(`date=2026-11-01&location_id=${rig.id}`)).json<Page>();
  expect(page.as_of).toBe("2026-11-02T08:00:00.000Z");
});

it.each<[string, string, number, RegExp]>([
  ["a day before the store was connected", "date=2026-10-28", 404, /begins on 2026-10-30/],
  ["tomorrow", "date=2026-10-31", 400, /after today, 2026-10-30/],
  ["no day", "date=yesterday", 400, /date/],
  ["a day that does not exist", "date=2026-02-30", 400, /date/],
  ["another retailer's store", "date=2026-10-30&location_id=loc_other", 404, /location/],
])("%s is refused with words", async (_, query, status, message) => {
  const rig = await Rig.open({}, { created_at: NOON - 60_000 });
  const response = await ask(query.includes("location_id") ? query : `${query}&location_id=${rig.id}`);
  expect(response.status).toBe(status);
  expect((await response.json<ErrorBody>()).error.message).toMatch(message);
});

it("ReUp's own call starts a run of the store that its body names", async () => {
  const rig = await Rig.open();
  const manager = { app, token: await token({ role: "manager" }) };
  const sync = (body: object) => call("POST", "/v1/inventory/sync", { ...manager, body });
  const started = await sync({ location_id: rig.id, sync_type: "full" });
  expect([started.status, await started.json()]).toEqual([
    202,
    expect.objectContaining({ location_id: rig.id, mode: "full", trigger: "manual" }),
  ]);
  expect((await sync({ location_id: rig.id, sync_type: "incremental" })).status).toBe(409);
  expect((await sync({ location_id: "loc_other", sync_type: "full" })).status).toBe(404);
  expect((await sync({ location_id: rig.id, sync_type: "everything" })).status).toBe(400);
});
