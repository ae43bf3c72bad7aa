import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { call, token } from "../api/support.ts";
import { Rig } from "../faults/support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = async <T>(path: string): Promise<T> =>
  (await call("GET", path, { token: await token({ role: "viewer" }) })).json<T>();

interface Entry {
  package_id: string | null;
  change: number;
  balance: number;
  reason: string;
  ref: { kind: string; id: string } | null;
}

async function firstPackage(at: string) {
  const { data } = await ask<{ data: { product_id: string; dutchie_inventory_id: string }[] }>(`${at}/inventory`);
  const [row] = data;
  if (row === undefined) throw new Error("There is no package.");
  return row;
}

it("a product's ledger leads from its first sync to its quantity, page by page", async () => {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  const at = `/v1/locations/${rig.id}`;
  const row = await firstPackage(at);
  for (const quantity of [70, 12, 0, 33]) {
    vi.setSystemTime(Date.now() + 20 * 60_000);
    rig.dutchie.setPackage(Number(row.dutchie_inventory_id), { quantity }, { silent: true });
    vi.setSystemTime(Date.now() + 10 * 60_000);
    await rig.start("incremental");
    await rig.drain();
  }
  const entries: Entry[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { data: Entry[]; next_cursor: string | null } = await ask(
      `${at}/products/${row.product_id}/ledger?limit=2${more}`,
    );
    entries.push(...page.data);
    cursor = page.next_cursor;
  }
  const product = await ask<{ quantity: number }>(`${at}/products/${row.product_id}`);
  expect(entries[0]).toMatchObject({ balance: product.quantity, reason: "received", ref: { kind: "run" } });
  expect(entries.slice(0, 4).map(({ reason, change }) => [reason, Math.sign(change)])).toContainEqual(["sold_out", -1]);
  expect(entries.at(-1)).toMatchObject({ reason: "first_seen", ref: { kind: "run" } });
  for (const [index, { balance, change }] of entries.entries()) {
    expect(balance - change).toBeCloseTo(entries[index + 1]?.balance ?? 0, 4);
  }
  expect((await call("GET", `${at}/products/nothing/ledger`, { token: await token() })).status).toBe(404);
});

it("an entry has the same reason on a page of any size: no page cuts a move in two", async () => {
  const rig = await Rig.open({ salesDays: 0 });
  await rig.start("initial");
  await rig.drain();
  const at = `/v1/locations/${rig.id}`;
  const row = await firstPackage(at);
  const rooms = [...rig.dutchie.world.rooms.values()].map(({ id }) => id);
  for (const [index, quantity] of [40, 39, 39, 38, 37, 37].entries()) {
    vi.setSystemTime(Date.now() + 10 * 60_000);
    const room = rooms[index % 3] ?? 0;
    rig.dutchie.setPackage(Number(row.dutchie_inventory_id), { quantity, room }, { silent: true });
    await rig.start("incremental");
    await rig.drain();
  }
  const listed = async (limit: number) => {
    const entries: Entry[] = [];
    for (let more: string | null = ""; more !== null; ) {
      const page: { data: Entry[]; next_cursor: string | null } = await ask(
        `${at}/products/${row.product_id}/ledger?limit=${limit}${more}`,
      );
      entries.push(...page.data);
      more = page.next_cursor === null ? null : `&cursor=${page.next_cursor}`;
    }
    return entries;
  };
  const whole = await listed(500);
  expect(whole.filter(({ reason }) => reason === "moved").length).toBeGreaterThan(9);
  for (const limit of [1, 2, 3]) expect(await listed(limit)).toEqual(whole);
});

it("a full run on demand reads only the data types that are asked for, and sales as far back as asked", async () => {
  const rig = await Rig.open({ salesDays: 5 }, {});
  const manager = { token: await token({ role: "manager" }) };
  const start = (body: object) => call("POST", `/v1/locations/${rig.id}/syncs`, { ...manager, body });
  const from = new Date(Date.now() - 100 * 86_400_000).toISOString();
  const started = await start({ mode: "full", data_types: ["sales"], sales_from: from });
  expect(started.status).toBe(202);
  const { phases } = await started.json<{ phases: { resource: string }[] }>();
  expect(phases.map(({ resource }) => resource)).toEqual(["sales"]);
  await rig.drain();
  const { data_types } = await rig.status();
  expect(data_types.sales?.last_success_at).not.toBeNull();
  expect(data_types.products?.last_success_at).toBeNull();
  for (const body of [
    { mode: "incremental", data_types: ["sales"] },
    { mode: "full", data_types: [] },
    { mode: "full", data_types: ["customers"] },
    { mode: "full", sales_from: "2999-01-01" },
    { mode: "full", sales_from: "1999-01-01" },
    { mode: "verify", sales_from: from },
  ]) {
    expect([body, (await start(body)).status]).toEqual([body, 400]);
  }
});
