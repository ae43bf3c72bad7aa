import { env } from "cloudflare:workers";
import { and, eq } from "drizzle-orm";
import { expect, it, vi } from "vitest";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { alerts, deadLetters } from "../../../src/db/schema/accounts.ts";
import { reviews } from "../../../src/db/schema/records.ts";
import { MAX_INBOX_ITEMS } from "../../../src/domain/bounds.ts";
import { iso } from "../../../src/domain/values/iso.ts";
import { raiseAlert } from "../../../src/location/status/alerts.ts";
import { call, fakeLocation, seedStore, token } from "./support.ts";

let retailers = 0;

interface Inbox {
  data: { item_id: string; kind: string; location_id: string; action: string; title: string }[];
  pagination: { page: number; limit: number; total: number };
  unread_stores: string[];
  is_cut: boolean;
}

async function twoStores() {
  const claims = { retailer_id: `ret_inbox${retailers++}` };
  const one = (await seedStore({ ...claims, shard: "00" })).row;
  const two = (await seedStore({ ...claims, shard: "01" })).row;
  const alert = alertOf(claims);
  await accountsDb(env)
    .insert(alerts)
    .values([
      { ...alert, location_id: one.location_id, alert_id: "a1", rule: "drift" },
      { ...alert, location_id: one.location_id, alert_id: "a2", rule: "stale", acknowledged_at: 6 },
      { ...alert, location_id: one.location_id, alert_id: "a3", rule: "stale", state: "resolved" },
      { ...alert, location_id: two.location_id, alert_id: "a4", rule: "push_parked" },
    ]);
  const letter = { retailer_id: claims.retailer_id, queue: "webhooks", kind: "data", reason: "r", body: {} } as const;
  const dead_letter_id = `dl_${claims.retailer_id}`;
  await accountsDb(env)
    .insert(deadLetters)
    .values([
      { ...letter, location_id: two.location_id, dead_letter_id, at: 3 },
      { ...letter, location_id: two.location_id, dead_letter_id: `${dead_letter_id}_healed`, at: 3, healed_at: 4 },
    ]);
  const review = { subject: "inventory", reason: "r", candidates: [], conflicts: null, facts_hash: "h" };
  await recordsDb(env, two)
    .insert(reviews)
    .values([
      { ...review, location_id: two.location_id, review_id: "r1", kind: "held_snapshot", state: "open", opened_at: 9 },
      {
        ...review,
        location_id: two.location_id,
        review_id: "r2",
        kind: "held_snapshot",
        state: "resolved",
        opened_at: 9,
      },
    ]);
  return { claims, one: one.location_id, two: two.location_id, dead_letter_id };
}

const alertOf = ({ retailer_id }: { retailer_id: string }) =>
  ({ retailer_id, severity: "warning", message: "m", started_at: 5, state: "firing" }) as const;

const push = { push_id: "p1", product_id: "x", updated_at: "2026-10-01T00:00:00.000Z", error: { message: "no" } };

it("the inbox lists what waits in all stores, the worst first, and what nobody has settled yet", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  const given = {
    token: await token({ ...claims, role: "manager" }),
    env: fakeLocation({ listPushes: async () => [push] }),
  };
  const read = async (query = "") => (await call("GET", `/v1/inbox${query}`, given)).json<Inbox>();
  const all = await read();
  expect(all.data.map(({ item_id, action }) => [item_id, action])).toEqual([
    [`review:${two}:r1`, "discard"],
    [`dead_letter:${two}:${dead_letter_id}`, "replay"],
    [`alert:${one}:a1`, "acknowledge"],
    [`edit:${two}:p1`, "retry"],
  ]);
  expect([all.pagination.total, all.unread_stores]).toEqual([4, []]);
  expect((await read("?kind=alert")).data).toHaveLength(1);
  expect((await read(`?location_id=${one}`)).data).toHaveLength(1);
  expect((await read("?page=2&limit=3")).data.map(({ kind }) => kind)).toEqual(["edit"]);
  const bound = { ...given, token: await token({ ...claims, location_ids: [one] }) };
  const theirs = await (await call("GET", "/v1/inbox", bound)).json<Inbox>();
  expect(theirs.data.map(({ location_id }) => location_id)).toEqual([one]);
});

it("a viewer does not read of failed messages, only that there are some", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  await accountsDb(env)
    .insert(alerts)
    .values({ ...alertOf(claims), location_id: two, alert_id: `${dead_letter_id}_alert`, rule: "dead_letter" });
  const read = async (role: string) => {
    const given = { token: await token({ ...claims, role }), env: fakeLocation({ listPushes: async () => [] }) };
    return (await (await call("GET", "/v1/inbox", given)).json<Inbox>()).data.map(({ item_id }) => item_id);
  };
  const others = [`review:${two}:r1`, `alert:${one}:a1`, `alert:${two}:a4`];
  expect((await read("viewer")).sort()).toEqual([...others, `alert:${two}:${dead_letter_id}_alert`].sort());
  expect((await read("manager")).sort()).toEqual([...others, `dead_letter:${two}:${dead_letter_id}`].sort());
});

it("an edit waits though somebody has seen its alert", async () => {
  const { claims, two } = await twoStores();
  await accountsDb(env).update(alerts).set({ acknowledged_at: 6 }).where(eq(alerts.location_id, two));
  const given = { token: await token(claims), env: fakeLocation({ listPushes: async () => [push] }) };
  const { data } = await (await call("GET", "/v1/inbox", given)).json<Inbox>();
  expect(data.map(({ item_id }) => item_id)).toContain(`edit:${two}:p1`);
  expect(data.map(({ item_id }) => item_id)).not.toContain(`alert:${two}:a4`);
});

it("older failed messages of other stores do not push out those of the store that is asked for", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  await env.DB.prepare(
    `insert into dead_letters (dead_letter_id, retailer_id, location_id, queue, kind, reason, body, at)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
     select ? || i, ?, case when i % 2 then ? else 'loc_gone' end, 'webhooks', 'data', 'r', '{}', 1 from n`,
  )
    .bind(2 * MAX_INBOX_ITEMS, `${dead_letter_id}_old`, claims.retailer_id, one)
    .run();
  const given = {
    token: await token({ ...claims, role: "manager" }),
    env: fakeLocation({ listPushes: async () => [] }),
  };
  const read = async (query: string) => (await call("GET", `/v1/inbox?kind=dead_letter&${query}`, given)).json<Inbox>();
  expect((await read(`location_id=${two}`)).data.map(({ item_id }) => item_id)).toEqual([
    `dead_letter:${two}:${dead_letter_id}`,
  ]);
  // Messages of stores that are no more take no place either.
  expect((await read("limit=1")).pagination.total).toBe(MAX_INBOX_ITEMS);
});

it("lists of all stores show one store if it is asked for, and no other store's in place of an unknown one's", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  const foreign = (await seedStore({ retailer_id: "ret_inbox_of_others" })).row.location_id;
  const env = fakeLocation({ listPushes: async () => [] });
  const everything = await token({ ...claims, role: "manager" });
  const onlyOne = await token({ ...claims, role: "manager", location_ids: [one] });
  const ids = async (path: string, jwt = everything) => {
    const answer = await call("GET", `/v1/${path}`, { token: jwt, env });
    const { data } = await answer.json<{ data?: Record<string, string>[] }>();
    return data?.map((row) => row.item_id ?? row.alert_id ?? row.dead_letter_id) ?? answer.status;
  };
  expect(await ids(`alerts?state=firing&location_id=${one}`)).toEqual(["a1", "a2"]);
  expect(await ids(`alerts?location_id=${two}`, everything)).toEqual(["a4"]);
  expect(await ids(`dead-letters?location_id=${one}`)).toEqual([]);
  expect(await ids(`dead-letters?location_id=${two}`)).toEqual([dead_letter_id, `${dead_letter_id}_healed`]);
  for (const list of ["alerts", "dead-letters", "inbox", "inbox?state=decided"]) {
    const of = (location_id: string) => `${list}${list.includes("?") ? "&" : "?"}location_id=${location_id}`;
    for (const location_id of [foreign, "loc_of_nobody", ""]) expect(await ids(of(location_id))).toBe(404);
    // The token is for the other store: its own alerts are not the answer.
    expect(await ids(of(two), onlyOne)).toBe(404);
  }
});

it("a store that does not answer is named, and its alert stays", async () => {
  const { claims, two } = await twoStores();
  const listPushes = async () => {
    throw new Error("away");
  };
  const given = { token: await token(claims), env: fakeLocation({ listPushes }) };
  const { data, unread_stores } = await (await call("GET", "/v1/inbox", given)).json<Inbox>();
  expect(unread_stores).toEqual([two]);
  expect(data.map(({ item_id }) => item_id)).toContain(`alert:${two}:a4`);
});

it("what was decided is listed with who, why and when, the latest first", async () => {
  const { claims, one, two } = await twoStores();
  const jwt = await token({ ...claims, role: "manager", sub: "ann" });
  const given = { token: jwt, env: fakeLocation({ changedOutside: async () => {} }) };
  const reason = "Seen with the store";
  const body = { item_ids: [`alert:${one}:a1`], action: "acknowledge", reason };
  expect((await call("POST", "/v1/inbox/resolve", { ...given, body })).status).toBe(200);
  const decision = { action: "keep_both", resolved_by: "ben", resolved_reason: "Two sizes", resolved_at: 7 } as const;
  await recordsDb(env, { location_id: two, shard: "01" })
    .update(reviews)
    .set({ kind: "duplicate_sku", ...decision })
    .where(and(eq(reviews.location_id, two), eq(reviews.review_id, "r2")));
  const read = async (query = "") => (await call("GET", `/v1/inbox?state=decided${query}`, given)).json<Inbox>();
  const { data, pagination } = await read();
  expect(data).toMatchObject([
    { item_id: `alert:${one}:a1`, action: "acknowledge", actions: [], decision: { by: "ann", reason } },
    {
      item_id: `review:${two}:r2`,
      action: "keep_both",
      consequence: "They stay separate products.",
      decision: { action: "keep_both", by: "ben", reason: "Two sizes", at: "1970-01-01T00:00:00.007Z" },
    },
    { item_id: `alert:${one}:a2`, decision: { by: null, reason: null, at: "1970-01-01T00:00:00.006Z" } },
  ]);
  expect(pagination.total).toBe(3);
  expect((await read("&kind=review")).data).toHaveLength(1);
  expect((await read(`&location_id=${one}`)).data).toHaveLength(2);
  expect((await read("&page=2&limit=2")).data.map(({ item_id }) => item_id)).toEqual([`alert:${one}:a2`]);
  expect((await call("GET", "/v1/inbox?state=over", given)).status).toBe(400);
  const stranger = await token({ ...claims, location_ids: [one] });
  const theirs = await (await call("GET", "/v1/inbox?state=decided", { ...given, token: stranger })).json<Inbox>();
  expect(theirs.data.map(({ location_id }) => location_id)).toEqual([one, one]);
});

it("who sent a failed message or an edit again, or deleted it, when and why, is kept and listed", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  const letter = { retailer_id: claims.retailer_id, queue: "webhooks", kind: "data" } as const;
  const dead = { ...letter, location_id: two, reason: "The message cannot be read.", body: { v: 1 }, at: 3 };
  const ids = ["again", "single", "gone"].map((name) => `${dead_letter_id}_${name}`);
  await accountsDb(env)
    .insert(deadLetters)
    .values(ids.map((id) => ({ ...dead, dead_letter_id: id })));
  const sendPushAgain = vi.fn(async () => ({ ok: true, push: { ...push, fields: [] } }));
  const send = vi.fn(async () => {});
  const stubs = { sendPushAgain, changedOutside: async () => {}, listPushes: async () => [] };
  const at = { ...fakeLocation(stubs), WEBHOOKS: { send } as unknown as Queue };
  const ann = { token: await token({ ...claims, role: "manager", sub: "ann" }), env: at };
  const ben = { token: await token({ ...claims, role: "manager", sub: "ben" }), env: at };
  const [again = "", single = "", gone = ""] = ids;
  const settle = async (item_id: string, action: string, reason: string) => {
    const answer = await call("POST", "/v1/inbox/resolve", { ...ann, body: { item_ids: [item_id], action, reason } });
    expect((await answer.json<{ data: { ok: boolean }[] }>()).data).toMatchObject([{ ok: true }]);
  };
  await settle(`dead_letter:${two}:${again}`, "replay", "The database is back");
  await settle(`dead_letter:${two}:${dead_letter_id}`, "delete", "Nobody needs it");
  await settle(`edit:${two}:p1`, "retry", "The price is right now");
  expect(sendPushAgain).toHaveBeenCalledExactlyOnceWith("p1", { by: "ann", reason: "The price is right now" });
  // The same by the routes of one message.
  const single_body = { body: { reason: "Asked by the store" } };
  expect((await call("POST", `/v1/dead-letters/${single}/replay`, { ...ben, ...single_body })).status).toBe(202);
  expect((await call("DELETE", `/v1/dead-letters/${gone}?reason=Too%20old`, ben)).status).toBe(204);
  expect((await call("DELETE", `/v1/dead-letters/${again}?reason=${"x".repeat(1_001)}`, ben)).status).toBe(400);
  expect(send).toHaveBeenCalledTimes(2);

  const read = async (given: object) =>
    (await (await call("GET", `/v1/inbox?state=decided&kind=dead_letter`, given)).json<Inbox>()).data;
  const found = await read(ann);
  const decided = (id: string, decision: object) =>
    expect(found.find(({ item_id }) => item_id === `dead_letter:${two}:${id}`)).toMatchObject({
      actions: [],
      decision: { at: expect.any(String), ...decision },
      since: "1970-01-01T00:00:00.003Z",
    });
  expect(found).toHaveLength(4);
  decided(again, { action: "replay", by: "ann", reason: "The database is back" });
  decided(dead_letter_id, { action: "delete", by: "ann", reason: "Nobody needs it" });
  decided(single, { action: "replay", by: "ben", reason: "Asked by the store" });
  decided(gone, { action: "delete", by: "ben", reason: "Too old" });
  // Failed messages are for managers, and a stranger to the store sees nothing of it.
  expect(await read({ ...ann, token: await token({ ...claims, role: "viewer" }) })).toEqual([]);
  expect(await read({ ...ann, token: await token({ ...claims, role: "manager", location_ids: [one] }) })).toEqual([]);
});

it("the rule's merges do not push out what people decided, and it is said that there are more", async () => {
  const { claims, two } = await twoStores();
  const at = { location_id: two, shard: "01" };
  const decided = {
    state: "resolved",
    kind: "duplicate_sku",
    action: "merge",
    resolved_by: "ben",
    resolved_at: 1,
  } as const;
  await recordsDb(env, at)
    .update(reviews)
    .set(decided)
    .where(and(eq(reviews.location_id, two), eq(reviews.review_id, "r2")));
  const read = async () => {
    const given = { token: await token(claims) };
    const page = async (number: number) =>
      (await call("GET", `/v1/inbox?state=decided&kind=review&limit=500&page=${number}`, given)).json<Inbox>();
    const [first, second] = [await page(1), await page(2)];
    return { ids: [...first.data, ...second.data].map(({ item_id }) => item_id), is_cut: first.is_cut };
  };
  expect(await read()).toEqual({ ids: [`review:${two}:r2`], is_cut: false });
  // Long ago it was not recorded who.
  await recordsDb(env, at).update(reviews).set({ resolved_by: null }).where(eq(reviews.review_id, "r2"));
  await env.RECORDS_01.prepare(
    `insert into reviews (location_id, review_id, kind, subject, reason, candidates, facts_hash, state, action, opened_at, resolved_at, resolved_by)
     with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
     select ?, 'auto' || i, 'duplicate_sku', 's' || i, 'r', '[]', 'h', 'resolved', 'merge', 1, 9, 'auto' from n`,
  )
    .bind(MAX_INBOX_ITEMS + 100, two)
    .run();
  const { ids, is_cut } = await read();
  expect([ids.length, ids.at(-1), is_cut]).toEqual([MAX_INBOX_ITEMS + 1, `review:${two}:r2`, true]);
});

it("the first who has seen an alert is kept; an alert that begins anew has been seen by nobody", async () => {
  const { claims } = await twoStores();
  const alertsOf = async (sub: string, body?: object) => {
    const jwt = await token({ ...claims, role: "manager", sub });
    const given = { token: jwt, env: fakeLocation({ changedOutside: async () => {} }), ...(body && { body }) };
    return (await call("POST", "/v1/alerts/a1/acknowledge", given)).json();
  };
  const seen = { acknowledged_by: "ann", acknowledged_reason: null, acknowledged_at: expect.any(String) };
  expect(await alertsOf("ann")).toMatchObject(seen);
  expect(await alertsOf("ben", { reason: "mine" })).toMatchObject(seen);
  // Without a body, as browsers send it, and with its type all the same.
  const bare = {
    token: await token({ ...claims, role: "manager" }),
    env: fakeLocation({ changedOutside: async () => {} }),
  };
  const json = { "content-type": "application/json" };
  for (const sent of [{}, { headers: json }, { raw: new Uint8Array() }, { raw: new Uint8Array(), headers: json }]) {
    expect(await (await call("POST", "/v1/alerts/a1/acknowledge", { ...bare, ...sent })).json()).toMatchObject(seen);
  }
  expect(await alertsOf("ben", { reason: "x".repeat(1_001) })).toMatchObject({ error: { code: "INVALID_REQUEST" } });
  const { row } = await seedStore(claims);
  const context = { env, now: 1, location: { location_id: row.location_id, retailer_id: row.retailer_id } };
  const about = { rule: "drift", subject: "x", severity: "warning", message: "m" } as const;
  const decided = { acknowledged_at: 1, acknowledged_by: "ann", acknowledged_reason: "known" };
  await raiseAlert(context, about);
  const mine = eq(alerts.location_id, row.location_id);
  await accountsDb(env).update(alerts).set(decided).where(mine);
  await raiseAlert(context, about);
  expect(await accountsDb(env).select().from(alerts).where(mine)).toMatchObject([decided]);
  await raiseAlert(context, about, true);
  const anew = { acknowledged_at: null, acknowledged_by: null, acknowledged_reason: null };
  expect(await accountsDb(env).select().from(alerts).where(mine)).toMatchObject([anew]);
});

it("several items are settled at once, and each answers for itself", async () => {
  const { claims, one, two, dead_letter_id } = await twoStores();
  const resolveReview = vi.fn(async () => ({ ok: false, reason: "conflict", message: "The products have changed." }));
  const given = {
    token: await token({ ...claims, role: "manager" }),
    env: fakeLocation({ resolveReview, changedOutside: async () => {}, listPushes: async () => [push] }),
  };
  const settle = async (item_ids: string[], action: string, more: object = {}) => {
    const response = await call("POST", "/v1/inbox/resolve", { ...given, body: { item_ids, action, ...more } });
    const { data } = await response.json<{ data: { ok: boolean; error: { code: string } | null }[] }>();
    return data.map(({ ok, error }) => error?.code ?? ok);
  };
  const letter = `dead_letter:${two}:${dead_letter_id}`;
  // Another one than the person was shown is left as it is.
  const alert = `alert:${one}:a1`;
  expect(await settle([alert], "acknowledge", { since: { [alert]: iso(4) } })).toEqual(["CONFLICT"]);
  const mixed = [alert, letter, "nonsense", `alert:${one}:none`, "alert:loc_other:a1"];
  const since = { [alert]: iso(5) };
  expect(await settle(mixed, "acknowledge", { since })).toEqual([
    true,
    "INVALID_REQUEST",
    "NOT_FOUND",
    "NOT_FOUND",
    "NOT_FOUND",
  ]);
  expect(await settle([letter, letter], "delete")).toEqual([true]);
  // To end stock, the request says how much the person was shown, of each item.
  const held = `review:${two}:r1`;
  expect(await settle([held], "confirm")).toEqual(["INVALID_REQUEST"]);
  expect(await settle([held], "confirm", { counts: { [`review:${one}:r1`]: 7 } })).toEqual(["INVALID_REQUEST"]);
  expect(resolveReview).not.toHaveBeenCalled();
  expect(await settle([held], "confirm", { counts: { [held]: 7 } })).toEqual(["CONFLICT"]);
  expect(resolveReview).toHaveBeenCalledExactlyOnceWith("r1", expect.objectContaining({ count: 7 }), expect.anything());
  const { data } = await (await call("GET", "/v1/inbox", given)).json<Inbox>();
  expect(data.map(({ kind }) => kind)).toEqual(["review", "edit"]);
  for (const body of [
    { item_ids: [], action: "retry" },
    { item_ids: ["x"], action: "burn" },
    { item_ids: ["x"], action: "confirm", counts: { x: -1 } },
    { item_ids: ["x"], action: "acknowledge", since: { x: "yesterday" } },
    { action: "retry" },
  ]) {
    expect((await call("POST", "/v1/inbox/resolve", { ...given, body })).status).toBe(400);
  }
});
