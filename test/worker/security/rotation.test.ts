import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/api/app.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { findLocation, type LocationRow, updateLocation, updateUnchanged } from "../../../src/db/locations.ts";
import { parseConfig } from "../../../src/env.ts";
import { openConnection } from "../../../src/pipeline/reading/connection.ts";
import { RESEALED_A_STEP } from "../../../src/pipeline/sealing/reseal.ts";
import { newPepper, openPepper } from "../../../src/security/pepper.ts";
import { call, envWith, seedStore, signed, token, working } from "../api/support.ts";
import { sealAllAnew } from "./support.ts";

/** Key rotation: a new key in front, everything is sealed again, the old keys are removed. */
const key = (letter: string) => btoa(letter.repeat(32));
const OLD = { test1: key("t"), test0: key("o") };
// An isolate keeps the stores of a database as its own keys open them: another isolate has an object of its own for the database.
const isolateWith = (keys: Record<string, string>) =>
  envWith({ DB: Object.create(env.DB), CREDENTIAL_KEYS: JSON.stringify(keys) });
const rotating = isolateWith({ next: key("n"), ...OLD });
const onlyNew = isolateWith({ next: key("n") });
const db = accountsDb(env);

interface Step {
  resealed: number;
  remaining: number;
  unopened: string[];
  next_cursor: string | null;
}

let retailers = 0;
let retailer_id = "";
beforeEach(() => {
  retailer_id = `ret_rotate${retailers++}`;
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(console, "info").mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

async function reseal(cursor?: string | null): Promise<Step> {
  const query = typeof cursor === "string" ? `?cursor=${cursor}` : "";
  const jwt = await token({ retailer_id });
  const response = await call("POST", `/v1/credentials/reseal${query}`, { token: jwt, env: rotating });
  expect(response.status).toBe(200);
  return response.json<Step>();
}

async function stored(location_id: string): Promise<LocationRow> {
  const row = await findLocation(db, location_id);
  if (row === null) throw new Error("The store is gone");
  return row;
}

const keyIds = ({ credentials, webhook_secrets, customer_pepper }: LocationRow) =>
  [
    credentials,
    ...webhook_secrets.map(({ sealed }) => sealed),
    ...(customer_pepper ? [customer_pepper.sealed] : []),
  ].map((envelope) => envelope.split(".")[1]);

/** Does the store work: are its key and its webhook secret to be opened in this environment? */
async function works(location_id: string, secret: string, given: Env): Promise<{ test: number; webhook: number }> {
  const keys: unknown[] = [];
  const testConnection = async (candidate: unknown) => {
    keys.push((candidate as { api_key: string }).api_key);
    return working;
  };
  const app = createApp({ testConnection, now: Date.now });
  const jwt = await token({ retailer_id });
  const test = await call("POST", `/v1/locations/${location_id}/test`, { token: jwt, env: given, app });
  if (test.status === 200) expect(keys).toEqual(["key-of-the-store-9876"]);
  const raw = '{"type":"inventory.updated","data":[]}';
  const bindings = { ...given, WEBHOOKS: { send: async () => {} } } as unknown as Env;
  const headers = await signed(secret, "evt_1", raw);
  const webhook = await call("POST", `/webhooks/dutchie/${location_id}`, { raw, headers, env: bindings });
  return { test: test.status, webhook: webhook.status };
}

describe("POST /v1/credentials/reseal", () => {
  it("resealing seals all of a store with the new key, and everything opens without the old key", async () => {
    const { row, secret } = await seedStore({ retailer_id });
    const before = await stored(row.location_id);
    await updateLocation(db, row.location_id, {
      webhook_secrets: [...before.webhook_secrets, ...before.webhook_secrets.map((old) => ({ ...old, until: 1 }))],
    });
    expect(await works(row.location_id, secret, onlyNew)).toEqual({ test: 500, webhook: 401 });
    expect(await reseal()).toEqual({ resealed: 1, remaining: 0, unopened: [], next_cursor: null });
    const after = await stored(row.location_id);
    expect(keyIds(after)).toEqual(["next", "next", "next"]);
    expect(after.webhook_secrets.map(({ until }) => until)).toEqual([null, 1]);
    expect(await works(row.location_id, secret, onlyNew)).toEqual({ test: 200, webhook: 202 });
    expect(await reseal()).toEqual({ resealed: 0, remaining: 0, unopened: [], next_cursor: null });
  });

  it("resealing includes the pepper of customers, which makes the same pseudonyms as before", async () => {
    const location_id = `loc_pepper_${retailer_id}`;
    const ring = parseConfig(env).credential_keys;
    await seedStore({ retailer_id, location_id, customer_pepper: await newPepper(ring, location_id) });
    const before = await openPepper(ring, await stored(location_id));
    expect(await reseal()).toMatchObject({ resealed: 1, remaining: 0 });
    expect(keyIds(await stored(location_id))).toEqual(["next", "next", "next"]);
    const after = await openPepper(parseConfig(onlyNew).credential_keys, await stored(location_id));
    expect(after).toEqual(before);
    expect(before?.secret).toHaveLength(32);
    // Alone it is due as well.
    const { customer_pepper } = await stored(location_id);
    await updateLocation(db, location_id, {
      customer_pepper: customer_pepper && { ...customer_pepper, sealed: "v1.test1.a.b" },
    });
    expect(await reseal()).toMatchObject({ resealed: 0, remaining: 1, unopened: [location_id] });
  });

  it("resealing continues in bounded steps, each store once, of this retailer alone", async () => {
    const count = RESEALED_A_STEP + 3;
    for (let index = 0; index < count; index++) await seedStore({ retailer_id });
    const other = await seedStore({ retailer_id: "ret_other" });
    const first = await reseal();
    expect(first).toMatchObject({ resealed: RESEALED_A_STEP, remaining: 3, unopened: [] });
    expect(await reseal(first.next_cursor)).toMatchObject({ resealed: 3, remaining: 0, next_cursor: null });
    expect(keyIds(await stored(other.row.location_id))).toEqual(["test1", "test1"]);
  });

  it("resealing names a store whose envelope no key opens, and continues", async () => {
    const lost = await seedStore({
      retailer_id,
      location_id: `loc_a_${retailer_id}`,
      credentials: "v1.gone.AAAA.AAAA",
    });
    const good = await seedStore({ retailer_id, location_id: `loc_b_${retailer_id}` });
    const { location_id } = lost.row;
    expect(await reseal()).toEqual({ resealed: 1, remaining: 1, unopened: [location_id], next_cursor: null });
    expect(keyIds(await stored(good.row.location_id))).toEqual(["next", "next"]);
    // Its webhooks continue under the new key.
    expect(keyIds(await stored(location_id))).toEqual(["gone", "next"]);
  });

  it("resealing does not make another location's sealed data valid: it fails before and after", async () => {
    const theirs = await seedStore({ retailer_id: "ret_victim" });
    const mine = await seedStore({ retailer_id });
    const { location_id } = mine.row;
    const { credentials, webhook_secrets } = theirs.row;
    await updateLocation(db, location_id, { credentials, webhook_secrets });
    expect(await works(location_id, theirs.secret, rotating)).toEqual({ test: 500, webhook: 401 });
    expect(await reseal()).toMatchObject({ resealed: 0, remaining: 1, unopened: [location_id] });
    expect(await stored(location_id)).toMatchObject({ credentials, webhook_secrets });
  });

  it("resealing refuses a foreign cursor", async () => {
    const jwt = await token({ retailer_id });
    expect((await call("POST", "/v1/credentials/reseal?cursor=x", { token: jwt, env: rotating })).status).toBe(400);
  });
});

describe("a store that is sealed again without a request", () => {
  it("a connection test seals the store again", async () => {
    const { row, secret } = await seedStore({ retailer_id });
    expect(await works(row.location_id, secret, rotating)).toEqual({ test: 200, webhook: 202 });
    expect(keyIds(await stored(row.location_id))).toEqual(["next", "next"]);
  });

  it("a run that opens the credential seals it again", async () => {
    const { row } = await seedStore({ retailer_id });
    expect(await openConnection(rotating, row)).not.toBeNull();
    expect(keyIds(await stored(row.location_id))).toEqual(["next", "next"]);
  });

  it("cron seals stores of any retailer again", async () => {
    const one = await seedStore({ retailer_id });
    const two = await seedStore({ retailer_id: `${retailer_id}_b` });
    await sealAllAnew(rotating);
    for (const { row } of [one, two]) expect(keyIds(await stored(row.location_id))).toEqual(["next", "next"]);
  });
});

it("resealing does not overwrite a credential that was changed meanwhile", async () => {
  const { row } = await seedStore({ retailer_id });
  await updateLocation(db, row.location_id, { credentials: "v1.test1.changed.meanwhile" });
  const fresh = { credentials: "v1.next.old.value", webhook_secrets: row.webhook_secrets, customer_pepper: null };
  expect(await updateUnchanged(db, row, fresh)).toBe(false);
  expect((await stored(row.location_id)).credentials).toBe("v1.test1.changed.meanwhile");
});

it("a store gets another API key while its secrets still have the old key of ours", async () => {
  const { row } = await seedStore({ retailer_id });
  const location = { dutchie_location_id: row.dutchie_location_id ?? "", name: null };
  const app = createApp({ testConnection: async () => ({ ...working, location }), now: Date.now });
  const given = {
    token: await token({ retailer_id }),
    env: rotating,
    app,
    body: { dutchie: { api_key: "new-key-0000" } },
  };
  expect((await call("PATCH", `/v1/locations/${row.location_id}`, given)).status).toBe(200);
  expect(keyIds(await stored(row.location_id))[0]).toBe("next");
});

it("a disconnected store keeps no key and no webhook secret, sealed or not", async () => {
  const { row } = await seedStore({ retailer_id });
  const jwt = await token({ retailer_id });
  expect((await call("DELETE", `/v1/locations/${row.location_id}`, { token: jwt })).status).toBe(204);
  expect(await stored(row.location_id)).toMatchObject({ credentials: "", webhook_secrets: [] });
});
