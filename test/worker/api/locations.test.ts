import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createApp } from "../../../src/api/app.ts";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { findLocation } from "../../../src/db/locations.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { parseConfig } from "../../../src/env.ts";
import { openCredentials, sealCredentials } from "../../../src/security/credentials.ts";
import { write } from "../databases.ts";
import { appWith, call, envWith, errorOf, fakeLocation, refusing, seedStore, token, working } from "./support.ts";

const dutchie = { endpoint: "https://api.pos.dutchie.com/", api_key: "secret-api-key-1234" };
const connection = { name: " Main St ", time_zone: "America/Los_Angeles", dutchie };

interface Created {
  location: { location_id: string; settings: unknown; dutchie: Record<string, unknown> };
  webhook: { url: string; secret: string };
}

let retailers = 0;
/** A retailer without stores. */
const newRetailer = () => ({ retailer_id: `ret_new${retailers++}` });

describe("POST /v1/locations", () => {
  it("a store is tested, connected, and shows its webhook secret once and its API key never", async () => {
    const configured = vi.fn(async () => {});
    const jwt = await token(newRetailer());
    const response = await call("POST", "/v1/locations", {
      token: jwt,
      env: fakeLocation({ configured }),
      body: { ...connection, settings: { frequency: "hourly", alerts: { max_error_rate: 0.1 } } },
    });
    const text = await response.text();
    expect(response.status).toBe(201);
    expect(text).not.toContain(dutchie.api_key);
    const { location, webhook }: Created = JSON.parse(text);
    expect(location).toEqual({
      location_id: expect.stringMatching(/^loc_[0-9a-f]{16}$/),
      name: "Main St",
      time_zone: "America/Los_Angeles",
      dutchie: {
        endpoint: "https://api.pos.dutchie.com",
        location_id: "1001",
        profile: "pos",
        auth: "basic",
        api_key_hint: "…1234",
      },
      settings: {
        ...DEFAULT_SETTINGS,
        frequency: "hourly",
        alerts: { ...DEFAULT_SETTINGS.alerts, max_error_rate: 0.1 },
      },
      webhook: {
        url: `http://localhost:8787/webhooks/dutchie/${location.location_id}`,
        scheme: { kind: "standard" },
        secret_hint: `…${webhook.secret.slice(-4)}`,
      },
      status_summary: {
        state: "never_synced",
        last_sync_at: null,
        last_success_at: null,
        next_sync_at: expect.stringMatching(/^\d{4}-.*Z$/),
        error_rate_24h: 0,
      },
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    expect(configured).toHaveBeenCalledOnce();
    const again = await call("GET", `/v1/locations/${location.location_id}`, { token: jwt });
    expect(await again.json()).toEqual(location);
    const row = await findLocation(accountsDb(env), location.location_id);
    expect(JSON.stringify(row)).not.toContain(dutchie.api_key);
    expect(JSON.stringify(row)).not.toContain(webhook.secret);
  });

  it("a store whose test fails is not saved, and the answer is the whole test", async () => {
    const jwt = await token(newRetailer());
    const response = await call("POST", "/v1/locations", { token: jwt, body: connection, app: appWith(refusing) });
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({
      code: "INVALID_REQUEST",
      message: expect.stringContaining("Check the API key."),
      details: { test: { ok: false, error: { code: "UNAUTHORIZED" } } },
    });
    const list = await (await call("GET", "/v1/locations", { token: jwt })).json();
    expect(list).toEqual({ data: [], next_cursor: null });
  });

  it("a connected Dutchie location is 409 with its id, even at the same moment", async () => {
    const jwt = await token(newRetailer());
    const given = { token: jwt, env: fakeLocation({ configured: async () => {} }), body: connection };
    const answers = await Promise.all([1, 2, 3].map(() => call("POST", "/v1/locations", given)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const list = await (await call("GET", "/v1/locations", { token: jwt })).json<{ data: { location_id: string }[] }>();
    const refused = answers.find(({ status }) => status === 409) ?? new Response();
    const details = { location_id: list.data[0]?.location_id };
    expect(await errorOf(refused)).toMatchObject({ code: "CONFLICT", details });
    // Another retailer's is no business of this one.
    const other = await call("POST", "/v1/locations", { ...given, token: await token(newRetailer()) });
    expect(other.status).toBe(201);
  });

  it("a failed start leaves nothing behind if the store's Location cannot be reached", async () => {
    const jwt = await token(newRetailer());
    const down = fakeLocation({
      configured: () => Promise.reject(Object.assign(new Error("x"), { overloaded: true })),
    });
    const response = await call("POST", "/v1/locations", { token: jwt, env: down, body: connection });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await (await call("GET", "/v1/locations", { token: jwt })).json()).toMatchObject({ data: [] });
  });

  it("a token for some stores cannot connect a store", async () => {
    const jwt = await token({ location_ids: ["loc_1"] });
    expect((await call("POST", "/v1/locations", { token: jwt, body: connection })).status).toBe(403);
  });

  it.each([
    ["time_zone", { time_zone: "Mars/Olympus" }],
    ["name", { name: "  " }],
    ["dutchie.api_key", { dutchie: { ...dutchie, api_key: "" } }],
    ["dutchie.api_key", { dutchie: { ...dutchie, api_key: "line\nbreak" } }],
    ["dutchie.endpoint", { dutchie: { ...dutchie, endpoint: "ftp://api.pos.dutchie.com" } }],
    ["dutchie.endpoint", { dutchie: { ...dutchie, endpoint: "https://me:you@api.pos.dutchie.com" } }],
    ["dutchie.profile", { dutchie: { ...dutchie, profile: "square" } }],
    ["dutchie.auth.header", { dutchie: { ...dutchie, auth: { header: "X Key" } } }],
    ["settings.frequency", { settings: { frequency: "weekly" } }],
    ["settings.alerts.max_error_rate", { settings: { alerts: { max_error_rate: 2 } } }],
    ["settings.overnight_hour", { settings: { overnight_hour: 24 } }],
    ["settings.data_types", { settings: { data_types: { people: true } } }],
    ["settings", { settings: { frequenzy: "hourly" } }],
    ["", { nickname: "x" }],
  ])("the wrong field is named: %s", async (path, wrong) => {
    const response = await call("POST", "/v1/locations", { token: await token(), body: { ...connection, ...wrong } });
    expect(response.status).toBe(400);
    const { details, message } = await errorOf(response);
    const issues = details.issues as { path: string; message: string }[];
    const leaves = issues.map((issue) => issue.path);
    expect(leaves.some((leaf) => leaf === path || (leaf !== "" && path.startsWith(`${leaf}.`)))).toBe(true);
    expect(message.length).toBeGreaterThan(5);
  });

  it("a private endpoint is refused in production, and never tried", async () => {
    const tried = vi.fn(() => working);
    const production = envWith({ ALLOW_LOCAL_ENDPOINTS: "false" });
    for (const endpoint of ["http://localhost:9000", "https://127.0.0.1", "https://[::1]", "https://169.254.169.254"]) {
      const body = { ...connection, dutchie: { ...dutchie, endpoint } };
      const given = { token: await token(), body, env: production, app: appWith(tried) };
      expect((await call("POST", "/v1/locations", given)).status).toBe(400);
      expect((await call("POST", "/v1/connections/test", { ...given, body: { dutchie: body.dutchie } })).status).toBe(
        400,
      );
    }
    expect(tried).not.toHaveBeenCalled();
  });
});

describe("F82: our own host and private networks", () => {
  const own = { PUBLIC_URL: "https://sync.reup-ours.com", ALLOW_LOCAL_ENDPOINTS: "true" };

  it.each([
    "https://sync.reup-ours.com",
    "https://SYNC.reup-ours.com.:8443/v1",
    "https://reup-dutchie.acme.workers.dev",
    "https://10.0.0.5",
    "http://192.168.1.20:8790",
    "https://[::ffff:10.0.0.5]",
  ])(
    "F82: %s is refused as endpoint and as channel, and not tried, with the development flag, too",
    async (endpoint) => {
      const tried = vi.fn(() => working);
      const given = { token: await token(newRetailer()), env: envWith(own), app: appWith(tried) };
      const body = { ...connection, dutchie: { ...dutchie, endpoint } };
      expect((await call("POST", "/v1/locations", { ...given, body })).status).toBe(400);
      expect((await call("POST", "/v1/connections/test", { ...given, body: { dutchie: body.dutchie } })).status).toBe(
        400,
      );
      const channel = { kind: "webhook", target: `${endpoint}/alerts` };
      expect((await call("POST", "/v1/alert-channels/test", { ...given, body: channel })).status).toBe(400);
      expect(
        (await call("PUT", "/v1/alert-channels", { ...given, body: [{ ...channel, enabled: true }] })).status,
      ).toBe(400);
      expect(tried).not.toHaveBeenCalled();
    },
  );
});

describe("Test Connection in the API", () => {
  it("a test is 200 whether it passes or fails", async () => {
    const given = { token: await token(), body: { dutchie } };
    const good = await call("POST", "/v1/connections/test", given);
    const bad = await call("POST", "/v1/connections/test", { ...given, app: appWith(refusing) });
    expect([good.status, bad.status]).toEqual([200, 200]);
    expect(await bad.json()).toEqual(refusing);
  });

  it("a test of a store uses its stored credentials", async () => {
    const { row } = await seedStore();
    const tried = vi.fn(() => working);
    const jwt = await token({ role: "manager" });
    const response = await call("POST", `/v1/locations/${row.location_id}/test`, { token: jwt, app: appWith(tried) });
    expect(response.status).toBe(200);
    const expected = { endpoint: row.endpoint, api_key: "key-of-the-store-9876", location_id: row.dutchie_location_id };
    expect(tried).toHaveBeenCalledWith(expect.objectContaining(expected));
    expect(await response.text()).not.toContain("key-of-the-store");
  });
});

describe("PATCH /v1/locations/{id}", () => {
  const quiet = fakeLocation({ configured: async () => {} });
  const patch = async (location_id: string, body: unknown, app = appWith()) =>
    call("PATCH", `/v1/locations/${location_id}`, { token: await token(), body, app, env: quiet });

  it("settings are merged, and room_types are replaced as a whole, so that a room can be unset", async () => {
    const { row } = await seedStore();
    await patch(row.location_id, { settings: { room_types: { Vault: "vault", Front: "sales_floor" } } });
    const response = await patch(row.location_id, {
      name: "Broadway",
      settings: { room_types: { Vault: "secret_menu" }, data_types: { customers: true } },
    });
    expect(await response.json()).toMatchObject({
      name: "Broadway",
      time_zone: row.time_zone,
      settings: {
        ...DEFAULT_SETTINGS,
        room_types: { Vault: "secret_menu" },
        data_types: { ...DEFAULT_SETTINGS.data_types, customers: true },
      },
    });
  });

  it("an API key is replaced only after a successful test", async () => {
    const { row } = await seedStore();
    const body = { dutchie: { api_key: "another-key-5555", integrator_key: "integrator" } };
    expect((await patch(row.location_id, body, appWith(refusing))).status).toBe(400);
    expect((await findLocation(accountsDb(env), row.location_id))?.credentials).toBe(row.credentials);
    const same = { ...working, location: { dutchie_location_id: row.dutchie_location_id ?? "", name: null } };
    const response = await patch(row.location_id, body, appWith(same));
    expect(await response.json()).toMatchObject({ dutchie: { api_key_hint: "…5555" } });
    const saved = await findLocation(accountsDb(env), row.location_id);
    const ring = parseConfig(env).credential_keys;
    expect(await openCredentials(ring, row.location_id, saved?.credentials ?? "")).toEqual({
      ok: true,
      credentials: { api_key: "another-key-5555", integrator_key: "integrator" },
    });
  });

  describe("F70: on a new origin nothing stored of the credential is sent", () => {
    const stored = { api_key: "stored-api-key-1234", integrator_key: "stored-integrator-5678" };
    const seed = async (keys: typeof stored | { api_key: string }, endpoint = "https://dutchie.invalid") => {
      const location_id = `loc_f70_${crypto.randomUUID().slice(0, 8)}`;
      const { credential_keys } = parseConfig(env);
      return seedStore({
        location_id,
        endpoint,
        credentials: await sealCredentials(credential_keys, location_id, keys),
      });
    };

    it.each([
      ["another host", "https://thief.example.com"],
      ["another port", "https://dutchie.invalid:8443"],
      ["a host that begins alike", "https://dutchie.invalid.thief.example.com"],
      ["a host under it", "https://api.dutchie.invalid"],
      ["a look-alike in another script", "https://dutchіe.invalid"],
    ])("F70: %s needs the whole credential", async (_, endpoint) => {
      const { row, secret } = await seed(stored);
      const tried = vi.fn((_candidate: unknown) => working);
      const app = appWith(tried);
      for (const [given, missing] of [
        [{}, ["dutchie.api_key", "dutchie.integrator_key"]],
        [{ api_key: "dummy" }, ["dutchie.integrator_key"]],
        [{ integrator_key: "dummy" }, ["dutchie.api_key"]],
        [{ profile: "guide", auth: { header: "X-Key" } }, ["dutchie.api_key", "dutchie.integrator_key"]],
      ] as const) {
        const response = await patch(row.location_id, { dutchie: { endpoint, ...given } }, app);
        expect(response.status).toBe(400);
        const { details } = await errorOf(response);
        expect((details.issues as { path: string }[]).map(({ path }) => path)).toEqual(missing);
      }
      expect(tried).not.toHaveBeenCalled();
      const whole = { endpoint, api_key: "new-key-0001", integrator_key: null };
      expect((await patch(row.location_id, { dutchie: whole }, app)).status).toBe(200);
      const sent = JSON.stringify(tried.mock.calls);
      for (const never of [stored.api_key, stored.integrator_key, secret]) expect(sent).not.toContain(never);
    });

    it("F70: http and https are two origins", async () => {
      const { row } = await seed(stored, "http://localhost:8790");
      const tried = vi.fn(() => working);
      const response = await patch(
        row.location_id,
        { dutchie: { endpoint: "https://localhost:8790" } },
        appWith(tried),
      );
      expect(response.status).toBe(400);
      expect(tried).not.toHaveBeenCalled();
    });

    it("F70: a user name in the address is refused", async () => {
      const { row } = await seed(stored);
      const tried = vi.fn(() => working);
      const endpoint = "https://dutchie.invalid@thief.example.com";
      expect((await patch(row.location_id, { dutchie: { endpoint } }, appWith(tried))).status).toBe(400);
      expect(tried).not.toHaveBeenCalled();
    });

    it.each([
      ["another path", { endpoint: "https://dutchie.invalid/pos" }],
      ["another spelling", { endpoint: "https://DUTCHIE.invalid.:443/" }],
      ["another profile", { profile: "guide" }],
    ])("F70: %s of the same origin keeps the stored credential", async (_, dutchie) => {
      const { row } = await seed(stored);
      const tried = vi.fn((_candidate: unknown) => working);
      expect((await patch(row.location_id, { dutchie }, appWith(tried))).status).toBe(200);
      expect(tried.mock.calls[0]?.[0]).toMatchObject(stored);
      expect(tried.mock.calls[0]?.[0]).toMatchObject({
        endpoint: expect.stringMatching(/^https:\/\/dutchie\.invalid(\/pos)?$/),
      });
    });

    it("F70: a test with stored credentials goes to the stored endpoint, whatever its body says", async () => {
      const { row } = await seed(stored);
      const tried = vi.fn((_candidate: unknown) => working);
      const body = { dutchie: { endpoint: "https://thief.example.com" } };
      const path = `/v1/locations/${row.location_id}/test`;
      await call("POST", path, { token: await token(), body, app: appWith(tried) });
      expect(tried.mock.calls[0]?.[0]).toMatchObject({ endpoint: row.endpoint });
    });
  });

  it("a store cannot become another Dutchie location, because its records belong to this one", async () => {
    const { row } = await seedStore();
    const response = await patch(row.location_id, { dutchie: { location_id: "elsewhere" } });
    expect(response.status).toBe(409);
    const { row: young } = await seedStore({ state: "never_synced" });
    expect((await patch(young.location_id, { dutchie: { location_id: "elsewhere" } })).status).toBe(200);
  });

  it.each([
    [
      "a package",
      "inventory",
      "inventory_id, dutchie_inventory_id, package_id, quantity, room_name, package_at, source_at, source_rank, content_hash, updated_at",
      "'inv_1', '1', '1', 5, 'Vault', 1, 1, 1, '', 1",
    ],
    [
      "a product",
      "products",
      "product_id, dutchie_product_id, product_name, status, source, source_at, source_rank, content_hash, updated_at",
      "'prd_1', '1', 'A', 'active', 'dutchie', 1, 1, '', 1",
    ],
  ])(
    "a store that never synced, but has %s, cannot become another Dutchie location either",
    async (_, table, columns, values) => {
      const { row } = await seedStore({ state: "never_synced" });
      await write(`insert into ${table} (location_id, ${columns}) values (?, ${values})`, row.location_id);
      const response = await patch(row.location_id, { dutchie: { location_id: "elsewhere" } });
      expect(response.status).toBe(409);
      expect((await errorOf(response)).details).toEqual({ dutchie_location_id: row.dutchie_location_id });
    },
  );

  it("a Dutchie location that another store has is 409", async () => {
    const { row } = await seedStore();
    const { row: young } = await seedStore({ state: "never_synced" });
    const response = await patch(young.location_id, { dutchie: { location_id: row.dutchie_location_id } });
    expect(response.status).toBe(409);
    expect((await errorOf(response)).details).toEqual({ location_id: row.location_id });
  });
});

describe("DELETE /v1/locations/{id}", () => {
  const remove = async (location_id: string, query: string, given: Env) =>
    call("DELETE", `/v1/locations/${location_id}${query}`, { token: await token(), env: given });

  it("a deletion stops everything, keeps the records, and purges them on request, also later", async () => {
    const { row } = await seedStore();
    const disconnect = vi.fn(async () => {});
    const sent: unknown[] = [];
    const CHORES = { send: async (message: unknown) => void sent.push(message) };
    const given = { ...fakeLocation({ disconnect }), CHORES } as unknown as Env;
    const response = await remove(row.location_id, "", given);
    expect([response.status, await response.text()]).toEqual([204, ""]);
    expect(disconnect).toHaveBeenCalledOnce();
    expect(sent).toEqual([]);
    expect((await call("GET", `/v1/locations/${row.location_id}`, { token: await token() })).status).toBe(404);
    expect((await findLocation(accountsDb(env), row.location_id))?.state).toBe("disconnected");
    const before = await findLocation(accountsDb(env), row.location_id);
    // Once more, perhaps because the first answer got lost, or its Location did not answer.
    expect((await remove(row.location_id, "", given)).status).toBe(204);
    expect(await findLocation(accountsDb(env), row.location_id)).toEqual(before);
    expect(disconnect).toHaveBeenCalledTimes(2);
    const stranger = { token: await token({ retailer_id: "ret_other" }), env: given };
    expect((await call("DELETE", `/v1/locations/${row.location_id}`, stranger)).status).toBe(404);
    expect((await remove(`${row.location_id}0`, "", given)).status).toBe(404);
    expect(sent).toEqual([]);
    expect((await remove(row.location_id, "?purge=true", given)).status).toBe(204);
    expect(sent).toEqual([
      { kind: "purge", v: MESSAGE_VERSION, location_id: row.location_id, request_id: expect.any(String) },
    ]);
  });

  const connectable = async () => {
    const claims = newRetailer();
    const CHORES = { send: async () => {} };
    const given = {
      token: await token(claims),
      env: { ...fakeLocation({ configured: async () => {}, disconnect: async () => {} }), CHORES } as unknown as Env,
    };
    const connect = (more: object = {}) =>
      call("POST", "/v1/locations", { ...given, body: { ...connection, ...more } });
    const first = await (await connect({ settings: { frequency: "daily" } })).json<Created>();
    const { location_id } = first.location;
    const drop = (query = "") => call("DELETE", `/v1/locations/${location_id}${query}`, given);
    return { connect, drop, first, location_id, jwt: given.token };
  };

  it("a disconnected store is not connected twice by accident, and is taken up again on demand", async () => {
    const { connect, drop, first, location_id } = await connectable();
    await drop();
    const refused = await connect();
    expect(refused.status).toBe(409);
    expect(await errorOf(refused)).toMatchObject({
      code: "CONFLICT",
      details: { disconnected_location_id: location_id },
      message: expect.stringContaining("reconnect"),
    });
    const again = await connect({ reconnect: true, name: "Again" });
    expect(again.status).toBe(201);
    const { location, webhook } = await again.json<Created>();
    expect(location).toMatchObject({ location_id, name: "Again", settings: { frequency: "daily" } });
    expect(webhook.secret).not.toBe(first.webhook.secret);
    const row = await findLocation(accountsDb(env), location_id);
    expect(row).toMatchObject({
      deleted_at: null,

      state: "never_synced",
    });
    expect(row?.credentials).not.toBe("");
    expect(await errorOf(await connect({ reconnect: true }))).toMatchObject({ details: { location_id } });
  });

  it("a store that is reconnected keeps its name and time zone unless others are given", async () => {
    const { connect, drop } = await connectable();
    const unsaid = { reconnect: true, name: undefined, time_zone: undefined };
    for (const [given, expected] of [
      [unsaid, { name: "Main St", time_zone: "America/Los_Angeles" }],
      [
        { ...unsaid, time_zone: "America/New_York" },
        { name: "Main St", time_zone: "America/New_York" },
      ],
      [
        { ...unsaid, name: "Again" },
        { name: "Again", time_zone: "America/New_York" },
      ],
    ]) {
      await drop();
      expect((await (await connect(given)).json<Created>()).location).toMatchObject(expected ?? {});
    }
  });

  it("a store is reconnected by its id only with its own Dutchie location", async () => {
    const { connect, drop, location_id } = await connectable();
    const reconnect = (more: object) =>
      connect({ reconnect_location_id: location_id, name: undefined, time_zone: undefined, ...more });
    expect(await errorOf(await reconnect({}))).toMatchObject({ code: "CONFLICT", details: { location_id } });
    await drop();
    const other = "another Dutchie location";
    const elsewhere = { dutchie: { ...dutchie, endpoint: "https://api.other.dutchie.com" } };
    expect(await errorOf(await reconnect(elsewhere))).toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining(other),
    });
    const foreign = await connectable();
    await foreign.drop();
    for (const reconnect_location_id of ["loc_of_nobody", foreign.location_id]) {
      expect(await errorOf(await reconnect({ reconnect_location_id }))).toMatchObject({ code: "NOT_FOUND" });
    }
    expect((await findLocation(accountsDb(env), location_id))?.deleted_at).not.toBeNull();
    const again = await reconnect({});
    expect(again.status).toBe(201);
    expect((await again.json<Created>()).location).toMatchObject({ location_id, name: "Main St" });
  });

  it("a store whose records are being deleted is not reconnected by its id, and the answer says why", async () => {
    const { connect, drop, location_id } = await connectable();
    await drop("?purge=true");
    expect(await errorOf(await connect({ reconnect_location_id: location_id }))).toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("being deleted"),
    });
  });

  it("a new store needs a name and a time zone", async () => {
    const { connect } = await connectable();
    const error = await errorOf(await connect({ name: undefined, time_zone: undefined }));
    expect(error).toMatchObject({
      code: "INVALID_REQUEST",
      details: { issues: [{ path: "name" }, { path: "time_zone" }] },
    });
  });

  it.each([
    ["disconnected", ["drop"]],
    ["purged", ["drop", "purge"]],
    ["disconnected and connected again", ["drop", "connect"]],
  ] as const)("a connection that is tested while its store is %s changes nothing of it", async (_, steps) => {
    const { connect, drop, location_id, jwt } = await connectable();
    const step = {
      drop: () => drop(),
      purge: () => drop("?purge=true"),
      connect: () => connect({ reconnect: true }),
    };
    let meanwhile: unknown;
    const testConnection = async () => {
      for (const each of steps) expect((await step[each]()).ok).toBe(true);
      meanwhile = await findLocation(accountsDb(env), location_id);
      return working;
    };
    const given = { token: jwt, env: fakeLocation({ configured: async () => {} }) };
    const body = { name: "Late", dutchie: { api_key: "another-key-0000" } };
    const app = createApp({ testConnection, now: Date.now });
    const late = await call("PATCH", `/v1/locations/${location_id}`, { ...given, body, app });
    expect(await errorOf(late)).toMatchObject({ code: "CONFLICT" });
    expect(await findLocation(accountsDb(env), location_id)).toEqual(meanwhile);
  });

  it("of two new webhook secrets at the same moment, or one and a disconnection, none is lost or comes back", async () => {
    for (let round = 0; round < 5; round++) {
      const { drop, location_id, jwt } = await connectable();
      const given = { token: jwt, env: fakeLocation({ configured: async () => {}, disconnect: async () => {} }) };
      const rotate = () => call("POST", `/v1/locations/${location_id}/webhook/rotate`, given);
      const both = await Promise.all([rotate(), rotate()]);
      const made = both.filter(({ ok }) => ok).length;
      expect((await findLocation(accountsDb(env), location_id))?.webhook_secrets).toHaveLength(1 + made);
      const [dropped] = await Promise.all([drop(), rotate()]);
      expect(dropped.status).toBe(204);
      expect(await findLocation(accountsDb(env), location_id)).toMatchObject({ credentials: "", webhook_secrets: [] });
    }
  });

  it.each(["a\u0000b", "a\ud800b", "a\nb", "\u200b", "\u00a0\u3000", "\u202e", "\u0301"])(
    "a store cannot be named %j, which nobody could read",
    async (name) => {
      const { location_id, jwt } = await connectable();
      const response = await call("PATCH", `/v1/locations/${location_id}`, { token: jwt, body: { name } });
      expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringMatching(/^name: /)]);
    },
  );

  it.each([
    ["america/denver", "America/Denver"],
    ["AMERICA/ARGENTINA/buenos_aires", "AMERICA/ARGENTINA/buenos_aires"],
    ["utc", "UTC"],
    ["Asia/Kolkata", "Asia/Kolkata"],
    ["+05:00", null],
    ["-0800", null],
    ["Mars/Phobos", null],
    ["", null],
  ])("the time zone %s is stored as %s", async (time_zone, stored) => {
    const { location_id, jwt } = await connectable();
    const given = { token: jwt, env: fakeLocation({ configured: async () => {} }), body: { time_zone } };
    const response = await call("PATCH", `/v1/locations/${location_id}`, given);
    expect(response.status).toBe(stored === null ? 400 : 200);
    if (stored !== null) expect(await response.json()).toMatchObject({ time_zone: stored });
  });

  it("of settings that several people save at the same moment, none is lost", async () => {
    const { location_id, jwt } = await connectable();
    const given = { token: jwt, env: fakeLocation({ configured: async () => {} }) };
    const save = (body: object) => call("PATCH", `/v1/locations/${location_id}`, { ...given, body });
    for (let round = 1; round <= 5; round++) {
      const alerts = { max_staleness_minutes: 100 + round };
      const answers = await Promise.all([
        save({ settings: { overnight_hour: round } }),
        save({ settings: { low_stock_threshold: round } }),
        save({ settings: { alerts } }),
        save({ name: `Store ${round}` }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      expect(await findLocation(accountsDb(env), location_id)).toMatchObject({
        name: `Store ${round}`,
        settings: { overnight_hour: round, low_stock_threshold: round, alerts },
      });
    }
  });

  it("settings that somebody saves while a connection is tested are not undone by it", async () => {
    const { location_id, jwt } = await connectable();
    const given = { token: jwt, env: fakeLocation({ configured: async () => {} }) };
    const save = (body: object, app?: ReturnType<typeof createApp>) =>
      call("PATCH", `/v1/locations/${location_id}`, { ...given, body, ...(app === undefined ? {} : { app }) });
    const testConnection = async () => {
      expect((await save({ settings: { overnight_hour: 5 } })).status).toBe(200);
      return working;
    };
    const body = { dutchie: { api_key: "another-key-0000" }, settings: { low_stock_threshold: 7 } };
    const late = await save(body, createApp({ testConnection, now: Date.now }));
    expect(await errorOf(late)).toMatchObject({ code: "CONFLICT" });
    expect((await findLocation(accountsDb(env), location_id))?.settings).toMatchObject({ overnight_hour: 5 });
  });

  it("of two callers who take up a store, one does", async () => {
    const { connect, drop } = await connectable();
    await drop();
    const both = await Promise.all([connect({ reconnect: true }), connect({ reconnect: true })]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it("of a purge and a reconnection at the same moment one happens, and the store is whole or gone", async () => {
    for (let round = 0; round < 5; round++) {
      const { connect, drop, location_id } = await connectable();
      await drop();
      const [purged, connected] = await Promise.all([drop("?purge=true"), connect({ reconnect: true })]);
      const row = await findLocation(accountsDb(env), location_id);
      if (purged.status === 204) expect(row).toMatchObject({ deleted_at: expect.any(Number), endpoint: "" });
      else expect(await errorOf(purged)).toMatchObject({ code: "CONFLICT" });
      if (connected.status !== 201) expect(purged.status).toBe(204);
      else {
        const { location } = await connected.json<Created>();
        expect(await findLocation(accountsDb(env), location.location_id)).toMatchObject({
          deleted_at: null,
          endpoint: "https://api.pos.dutchie.com",
        });
      }
    }
  });

  it("a disconnection that comes late ends nothing of a store that is connected again", async () => {
    const { row } = await seedStore();
    const stub = env.LOCATION.getByName(row.location_id);
    await stub.startRun({ mode: "full", trigger: "manual", heal: false });
    const alarm = () => runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
    const before = await alarm();
    expect(before).not.toBeNull();
    await stub.disconnect();
    expect(await alarm()).toBe(before);
  });

  it("a store whose records are being deleted is not taken up: its Dutchie location becomes a new store", async () => {
    const { connect, drop, location_id } = await connectable();
    await drop("?purge=true");
    const created = await connect();
    expect(created.status).toBe(201);
    expect((await created.json<Created>()).location.location_id).not.toBe(location_id);
  });

  it("reconnect without an earlier store connects a new one", async () => {
    const given = { token: await token(newRetailer()), env: fakeLocation({ configured: async () => {} }) };
    expect((await call("POST", "/v1/locations", { ...given, body: { ...connection, reconnect: true } })).status).toBe(
      201,
    );
  });

  it("purge=yes is 400", async () => {
    const { row } = await seedStore();
    expect((await remove(row.location_id, "?purge=yes", env)).status).toBe(400);
  });
});

describe("GET /v1/locations", () => {
  it("the retailer's stores are listed page by page, each once", async () => {
    const claims = newRetailer();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push((await seedStore(claims)).row.location_id);
    const jwt = await token({ ...claims, role: "viewer" });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = `?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const response = await call("GET", `/v1/locations${query}`, { token: jwt });
      const page: { data: { location_id: string }[]; next_cursor: string | null } = await response.json();
      seen.push(...page.data.map((store) => store.location_id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(ids.sort());
  });
});
