import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { alerts, deadLetters } from "../../../src/db/schema/accounts.ts";
import { call, errorOf, seedStore, token } from "../api/support.ts";

/** Things with an id of their own, not under a store's id, also belong to a retailer. */
let location_id = "";
beforeAll(async () => {
  location_id = (await seedStore()).row.location_id;
  const db = accountsDb(env);
  const at = Date.now();
  const of = { retailer_id: "ret_1", location_id };
  const alert = { rule: "sync_failed", state: "firing", severity: "critical", message: "m", started_at: at } as const;
  await db.insert(alerts).values({ ...of, ...alert, alert_id: "alt_1" });
  const letter = { queue: "webhooks", kind: "system", reason: "r", body: { a: 1 }, at } as const;
  await db.insert(deadLetters).values({ ...of, ...letter, dead_letter_id: "dl_1" });
});

const OTHERS = [
  ["another retailer", { retailer_id: "ret_2" }],
  ["a token bound to other stores", { location_ids: ["loc_other"] }],
] as const;

const routes = [
  ["POST", "/v1/alerts/alt_1/acknowledge"],
  ["POST", "/v1/dead-letters/dl_1/replay"],
  ["DELETE", "/v1/dead-letters/dl_1"],
] as const;

it.each(OTHERS)("%s gets 404 for each foreign store, and lists none", async (_, claims) => {
  const jwt = await token(claims);
  for (const [method, path] of routes) {
    const response = await call(method, path, { token: jwt });
    expect([response.status, (await errorOf(response)).code], path).toEqual([404, "NOT_FOUND"]);
  }
  for (const path of ["/v1/alerts", "/v1/dead-letters"]) {
    expect(await (await call("GET", path, { token: jwt })).json(), path).toMatchObject({ data: [] });
  }
  const all = await call("POST", "/v1/dead-letters/replay", { token: jwt });
  expect(await all.json()).toEqual({ replayed: 0, remaining: false });
});

it.each(OTHERS)("%s gets no CSV and no stream", async (_, claims) => {
  const jwt = await token(claims);
  for (const list of ["products", "inventory", "sales"]) {
    const path = `/v1/locations/${location_id}/${list}`;
    const response = await call("GET", path, { token: jwt, headers: { accept: "text/csv" } });
    expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/json"]);
  }
  const stream = `/v1/locations/${location_id}/status/stream`;
  expect((await call("GET", stream, { token: jwt })).status).toBe(404);
  expect((await call("GET", `${stream}?access_token=${jwt}`)).status).toBe(404);
});

it("a token in the address opens the stream and nothing else", async () => {
  const jwt = await token();
  for (const path of ["/v1/status", `/v1/locations/${location_id}/status`, `/v1/locations/${location_id}/products`]) {
    expect((await call("GET", `${path}?access_token=${jwt}`)).status).toBe(401);
  }
});

it("the own retailer finds them all", async () => {
  const jwt = await token();
  for (const path of ["/v1/alerts", "/v1/dead-letters"]) {
    const { data } = await (await call("GET", path, { token: jwt })).json<{ data: unknown[] }>();
    expect(data).toHaveLength(1);
  }
  expect((await call("POST", "/v1/alerts/alt_1/acknowledge", { token: jwt })).status).toBe(200);
});
