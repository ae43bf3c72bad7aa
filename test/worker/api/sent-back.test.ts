import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../../src/api/app.ts";
import { call, seedStore, token } from "./support.ts";

/** A list with something in each of its fields, by the path that reads and replaces it. */
const LISTS: Record<string, { table: string; rows: object[] }> = {
  "/v1/alert-channels": {
    table: "alert_channels",
    rows: [
      { kind: "webhook", target: "https://hooks.example.com/alerts?key=1", enabled: true },
      { kind: "slack", target: "https://hooks.slack.com/services/T0/B0/2", rules: ["stale"], enabled: false },
      { kind: "email", target: "ann@shop.example", rules: null, enabled: true },
    ],
  },
  "/v1/subscriptions": {
    table: "subscriptions",
    rows: [
      { url: "https://hooks.example.com/changes?key=1", events: ["product.changed"], enabled: true },
      {
        url: "https://hooks.example.com/changes?key=1",
        events: ["sync.failed"],
        location_ids: ["store"],
        enabled: false,
      },
    ],
  },
};

type Item = Record<string, unknown>;
let retailers = 0;

async function open(path: string) {
  const retailer_id = `ret_back${retailers++}`;
  const ask = async (method: string, to: string, body?: unknown) => {
    const given = { token: await token({ retailer_id }), env, ...(body === undefined ? {} : { body }) };
    return call(method, to, given);
  };
  const { row } = await seedStore({ retailer_id });
  const { table, rows } = LISTS[path] ?? { table: "", rows: [] };
  const named = JSON.parse(JSON.stringify(rows).replaceAll('"store"', JSON.stringify(row.location_id)));
  expect((await ask("PUT", path, named)).status).toBe(200);
  // An address that has not confirmed is asked again: without e-mail that fails each time.
  const asked = (items: Item[]): Item[] =>
    items.map((item) => ({ ...item, ...(item.kind === "email" && { failed_at: null }) }));
  const list = async () => asked(await (await ask("GET", path)).json<Item[]>());
  const stored = async () => {
    const sql = `select * from ${table} where retailer_id = ? order by position`;
    return asked((await env.DB.prepare(sql).bind(retailer_id).all<Item>()).results);
  };
  const replace = async (body: unknown) => {
    const answer = await ask("PUT", path, body);
    return { status: answer.status, body: answer.ok ? asked(await answer.json<Item[]>()) : [] };
  };
  return { ask, list, stored, replace, location_id: row.location_id };
}

it("each list that is read and replaced under one path is tried here", async () => {
  const document = await (await app.request("https://dutchie.reup.example/openapi.json")).json<{
    paths: Record<string, object>;
  }>();
  const both = Object.entries(document.paths).filter(([, path]) => "get" in path && "put" in path);
  expect(both.map(([path]) => path).sort()).toEqual(Object.keys(LISTS).sort());
});

it.each(Object.keys(LISTS))("%s: what it answers can be sent back, and nothing changes", async (path) => {
  const { list, stored, replace } = await open(path);
  const [shown, before] = [await list(), await stored()];
  expect(await replace(shown)).toEqual({ status: 200, body: shown.map((each) => ({ ...each, secret: null })) });
  expect(await stored()).toEqual(before);
  // As the answer to the replacement shows it.
  expect((await replace(shown.map((each) => ({ ...each, secret: null })))).status).toBe(200);
  expect([await list(), await stored()]).toEqual([shown, before]);
});

it.each(Object.keys(LISTS))("%s: one field that is changed in what it answers changes, and no secret", async (path) => {
  const { list, stored, replace } = await open(path);
  for (const [n, each] of (await list()).entries()) {
    const [shown, before] = [await list(), await stored()];
    const changed = shown.map((one, i) => (i === n ? { ...one, enabled: !one.enabled } : one));
    expect(await replace(changed)).toMatchObject({ status: 200, body: changed.map(() => ({ secret: null })) });
    expect((await list()).map(({ enabled }) => enabled)).toEqual(changed.map(({ enabled }) => enabled));
    const sealed = (rows: Item[]) => rows.map((row) => [row.sealed, row.secret_hint, row.created_at]);
    expect(sealed(await stored())).toEqual(sealed(before));
    expect(each.secret_hint).toBe(before[n]?.secret_hint);
  }
});

it.each(Object.keys(LISTS))("%s: a secret of one's own, and a name with a typing error, are refused", async (path) => {
  const { list, stored, replace } = await open(path);
  const [shown, before] = [await list(), await stored()];
  for (const wrong of [{ secret: "whsec_mine" }, { enabeld: true }]) {
    expect((await replace(shown.map((each) => ({ ...each, ...wrong })))).status).toBe(400);
  }
  expect(await stored()).toEqual(before);
});

it("a store's settings can be sent back as they are shown, and nothing changes", async () => {
  const { ask, location_id } = await open("/v1/subscriptions");
  const path = `/v1/locations/${location_id}`;
  const shown = await (await ask("GET", path)).json<Item>();
  const again = await ask("PATCH", path, { settings: shown.settings, name: shown.name, time_zone: shown.time_zone });
  expect(again.status).toBe(200);
  // A store that was never synced is due at once, and again after each change.
  const { status_summary: _, ...after } = await (await ask("GET", path)).json<Item>();
  expect(shown).toMatchObject(after);
});
