import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { findLocation } from "../../../src/db/locations.ts";
import { forgetCustomers } from "../../../src/pipeline/chores/forget-customers.ts";
import { call, errorOf, seedStore, token } from "../api/support.ts";
import { rows, write } from "../databases.ts";
import { deliver, Rig, WEBHOOKS } from "../faults/support.ts";
import { tick } from "../runs/support.ts";

/**
 * A store that keeps customers for a while, from never to never again. Dutchie's customer ids are marked, so that they
 * can be recognised wherever they might be.
 */
const MARK = "marked-customer-";
let rig: Rig;

async function dutchie(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = String(input instanceof Request ? input.url : input);
  const response = await rig.dutchie.app.request(url, init as never);
  if (!url.includes("/reporting/transactions") || !response.ok) return response;
  const sales = await response.json<{ customerId: number }[]>();
  return Response.json(sales.map((sale) => ({ ...sale, customerId: marked(sale.customerId) })));
}

const marked = (customerId: number) => (customerId === 0 ? 0 : `${MARK}${customerId}`);

/** Everything that is stored of the store, in D1 and in its Location. */
async function stored(): Promise<string> {
  const tables = await rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
  );
  const all = await Promise.all(tables.map(({ name }) => rows(`select * from "${name}"`)));
  const own = await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)), (_, { storage }) =>
    storage.sql
      .exec<{ name: string }>(
        "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
      )
      .toArray()
      .map(({ name }) => storage.sql.exec(`select * from "${name}"`).toArray()),
  );
  return JSON.stringify([all, own]);
}

interface Keyed {
  id: string;
  customer_key: string | null;
}
const keys = () =>
  rows<Keyed>(
    "select dutchie_transaction_id as id, customer_key from sales where location_id = ? order by sale_id",
    rig.id,
  );

/** Which sales the simulator knows customers of. */
const truth = () =>
  new Map((rig.dutchie.oracle().sales ?? []).map((sale) => [sale.dutchie_transaction_id, sale.dutchie_customer_id]));

async function keepCustomers(customers: boolean): Promise<void> {
  const jwt = await token();
  const body = { settings: { data_types: { customers } } };
  const response = await call("PATCH", `/v1/locations/${rig.id}`, { token: jwt, body, env: rig.env });
  expect(response.status).toBe(200);
  await rig.drain();
}

async function poll(): Promise<void> {
  expect(await tick(rig)).toHaveLength(1);
}

const ask = async () =>
  call("GET", `/v1/locations/${rig.id}/insights/customers?to=${today()}`, { token: await token({ role: "viewer" }) });
const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: "America/Los_Angeles" }).format(Date.now());

async function pepper() {
  return (await findLocation(accountsDb(env), rig.id))?.customer_pepper;
}

/** Equal customers have equal pseudonyms, others have others, the anonymous none. */
async function expectPseudonyms(): Promise<void> {
  const customers = truth();
  const found = await keys();
  expect(found.length).toBeGreaterThan(50);
  const byCustomer = new Map<string, string>();
  for (const { id, customer_key } of found) {
    const customer = customers.get(id) ?? null;
    if (customer === null) expect(customer_key, id).toBeNull();
    else {
      expect(customer_key, id).toMatch(/^[\w-]{6}\.[\w-]{16}$/);
      expect(byCustomer.get(customer) ?? customer_key).toBe(customer_key);
      byCustomer.set(customer, customer_key ?? "");
    }
  }
  expect(new Set(byCustomer.values()).size).toBe(byCustomer.size);
  expect(byCustomer.size).toBeGreaterThan(10);
}

beforeAll(async () => {
  rig = await Rig.open({ salesDays: 4, salesPerDay: 25, seed: 9 });
  vi.stubGlobal("fetch", dutchie);
  await rig.start("initial");
  await rig.drain();
});
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

// Each test continues where the previous one ended.
describe("customers in a store", () => {
  const markedSale = (id: number) => ({
    transactionId: id,
    transactionDate: new Date().toISOString(),
    transactionType: "Retail",
    customerId: marked(700_777),
    total: 5,
    items: [{ transactionItemId: 1, productId: 1, quantity: 1, totalPrice: 5 }],
  });
  const webhook = (event_id: string, transactionId: number) =>
    deliver(WEBHOOKS, [
      {
        location_id: rig.id,
        event_id,
        received_at: Date.now(),
        body: { type: "sale.completed", occurred_at: new Date().toISOString(), data: markedSale(transactionId) },
      },
    ]);
  let first: string | undefined;

  it("customers are stored nowhere while the data type is off, and the answer says how to switch it on", async () => {
    await webhook("evt_off", 910_001);
    expect((await keys()).filter(({ customer_key }) => customer_key !== null)).toEqual([]);
    expect(await pepper()).toBeNull();
    expect(await stored()).not.toContain(MARK);
    const response = await ask();
    expect(response.status).toBe(409);
    expect(await errorOf(response)).toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/Customers are switched off.*"customers": true.*60 days/),
      details: { setting: "data_types.customers" },
    });
  });

  it("switched on: the next poll reads the history again, and the sales change in nothing else", async () => {
    const salesNow = async () => [
      await rows("select count(*) as n, max(updated_at) as at from sales where location_id = ?", rig.id),
      await rows("select * from entries where resource = 'sales' and location_id = ?", rig.id),
    ];
    const before = await salesNow();
    await keepCustomers(true);
    await poll();
    await expectPseudonyms();
    expect(await salesNow()).toEqual(before);
    first = (await pepper())?.id;
    expect(await stored()).not.toContain(MARK);
  });

  it("pseudonyms come with webhooks, too, and stay when the ledger is played again without customers", async () => {
    await webhook("evt_on", 910_002);
    await webhook("evt_on_again", 910_003);
    const keyOf = async (id: string) => (await keys()).find((sale) => sale.id === id)?.customer_key;
    const key = await keyOf("910002");
    expect(key).toMatch(new RegExp(`^${first}\\.`));
    expect(await keyOf("910003")).toBe(key);
    await rig.location.replayEvent("evt_on");
    await deliver(
      WEBHOOKS,
      rig.queue.splice(0).map(({ body }) => body),
    );
    expect((await rig.location.getEvent("evt_on"))?.outcome).toMatch(/applied|stale/);
    expect(await keyOf("910002")).toBe(key);
    const ledger = await stored();
    expect(ledger).not.toContain(MARK);
  });

  it("customers are shown only as counts, computed once a day and again after a full sync", async () => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    const text = await answer.text();
    for (const { id, customer_key } of await keys()) {
      if (customer_key !== null) expect(text).not.toContain(customer_key);
      expect(text).not.toContain(id);
    }
    const { computed_at, visits } = JSON.parse(text) as { computed_at: string; visits: { known: number } };
    expect(visits.known).toBeGreaterThan(50);
    vi.setSystemTime(Date.now() + 1_000);
    expect(await (await ask()).json()).toMatchObject({ computed_at });
    expect(await rows("select kind from insights where location_id = ?", rig.id)).toEqual([{ kind: "customers" }]);
    await rig.start("full");
    await rig.drain();
    expect(Date.parse((await (await ask()).json<{ computed_at: string }>()).computed_at)).toBeGreaterThan(
      Date.parse(computed_at),
    );
  });

  it("switched off: pseudonyms, their pepper and the insights are deleted, and a read under way writes none", async () => {
    await rig.start("full");
    const reading = rig.queue.splice(0);
    await keepCustomers(false);
    rig.queue.push(...reading);
    await rig.drain();
    expect((await keys()).filter(({ customer_key }) => customer_key !== null)).toEqual([]);
    expect(await pepper()).toBeNull();
    expect(await rows("select kind from insights where location_id = ?", rig.id)).toEqual([]);
    const all = await stored();
    expect(all).not.toContain(`${first}.`);
    expect(all).not.toContain(MARK);
    expect((await ask()).status).toBe(409);
  });

  it("switched on again: customers have new pseudonyms, and nobody can link them to the old", async () => {
    await keepCustomers(true);
    await poll();
    await expectPseudonyms();
    expect((await pepper())?.id).not.toBe(first);
  });

  it("a store that is disconnected and purged leaves no pseudonym", async () => {
    const jwt = await token();
    await ask();
    const response = await call("DELETE", `/v1/locations/${rig.id}?purge=true`, { token: jwt, env: rig.env });
    expect(response.status).toBe(204);
    for (const { body } of rig.queue.splice(0)) await deliver("reup-dutchie-sync-development", [body], rig.env);
    // The store's row is gone with it.
    expect(await pepper()).toBeUndefined();
    expect(await keys()).toEqual([]);
    expect(await rows("select kind from insights where location_id = ?", rig.id)).toEqual([]);
  });
});

it("pseudonyms are deleted in bounded steps, and those of the present pepper never", async () => {
  const { row } = await seedStore({ customer_pepper: { id: "new_01", sealed: "v1.test1.x.y" } });
  const { location_id } = row;
  await write(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 5010)
     insert into sales (location_id, sale_id, dutchie_transaction_id, completed_at, type, is_void, is_return, item_count,
       items_hash, customer_key, source_at, source_rank, content_hash, updated_at)
     select ?, 'sal_' || i, i, i, 'retail', 0, 0, 0, '', case when i <= 5 then 'new_01.' else 'old_01.' end || i, 1, 1, '', 1
     from n`,
    location_id,
  );
  const left = () =>
    rows<{ n: number }>("select count(customer_key) as n from sales where location_id = ?", location_id);
  expect(await forgetCustomers(env, location_id)).toBe(0);
  expect(await left()).toEqual([{ n: 10 }]);
  expect(await forgetCustomers(env, location_id)).toBeNull();
  expect(await left()).toEqual([{ n: 5 }]);
  expect(await forgetCustomers(env, location_id)).toBeNull();
  expect(await left()).toEqual([{ n: 5 }]);
});
