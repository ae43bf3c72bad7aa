import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../../src/api/app.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { parseConfig } from "../../../src/env.ts";
import { sealCredentials } from "../../../src/security/credentials.ts";
import { ALERTS, takenQueue } from "../alerts/support.ts";
import { call, signed, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { DEAD_LETTERS, deliver, Rig, WEBHOOKS } from "../faults/support.ts";

/**
 * A store's whole life with recognisable secrets and customers: none of them may be found in
 * anything that is stored, answered or logged afterwards.
 */
const API_KEY = "marker-api-key-0001";
const INTEGRATOR_KEY = "marker-integrator-key-0002";
const PERSON = {
  customerId: "marker-customer-id-0003",
  customerName: "Marker-Full-Name",
  customer: { firstName: "Marker-First", last_name: "Marker-Last", DateOfBirth: "1971-marker-03" },
  patient_name: "Marker-Patient",
  email: "marker@customer.example",
  phoneNumber: "+1-555-marker",
  birthDate: "marker-1971-02-03",
  address: { street: "Marker-Street 4", postalCode: "marker-80202" },
};

const seen: string[] = [];
const logged: string[] = [];
let markers: string[] = [];
let rig: Rig;
let secret = "";
let channelSecret = "";

const textOf = (value: unknown): string =>
  value instanceof Error ? `${value.name} ${value.message} ${value.stack}` : JSON.stringify(value);

/** The simulated Dutchie, which knows its customers, and echoes requests when it should fail. */
let failing = false;
async function dutchie(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const url = String(input instanceof Request ? input.url : input);
  if (url.includes("alerts.example")) return new Response(`No: ${url}`, { status: 503 });
  const sent = new Headers(init?.headers).get("authorization") ?? "";
  if (failing && !url.includes("whoami")) {
    const echo = { message: `No: ${sent}, ${API_KEY} and ${INTEGRATOR_KEY}, ${atob(sent.replace("Basic ", ""))}` };
    return Response.json(echo, { status: 400 });
  }
  const response = await rig.dutchie.app.request(url, init as never);
  if (!url.includes("/reporting/transactions") || !response.ok) return response;
  const rows = await response.json<Record<string, unknown>[]>();
  // The last row cannot be read, and its reason must not quote it.
  return Response.json([...rows.map((row) => ({ ...row, ...PERSON })), { ...PERSON, total: "?" }]);
}

async function webhook(id: string, body: unknown): Promise<void> {
  const raw = JSON.stringify(body);
  const headers = await signed(secret, id, raw);
  const queued: unknown[] = [];
  const send = async (message: unknown) => void queued.push(message);
  const response = await call("POST", `/webhooks/dutchie/${rig.id}`, {
    raw,
    headers,
    env: { ...rig.env, WEBHOOKS: { send } } as unknown as Env,
  });
  if (response.status !== 202) throw new Error(`The webhook was answered ${response.status}`);
  await deliver(WEBHOOKS, queued);
  await deliver(DEAD_LETTERS, queued);
}

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void logged.push(parts.map(textOf).join(" ")));
  }
  rig = await Rig.open({ apiKey: API_KEY, integratorKey: INTEGRATOR_KEY, salesDays: 3, salesPerDay: 5 });
  vi.stubGlobal("fetch", dutchie);
  const ring = parseConfig(env).credential_keys;
  const keys = { api_key: API_KEY, integrator_key: INTEGRATOR_KEY };
  await updateLocation(accountsDb(env), rig.id, { credentials: await sealCredentials(ring, rig.id, keys) });
  const jwt = await token();
  const rotated = await call("POST", `/v1/locations/${rig.id}/webhook/rotate`, { token: jwt, body: {} });
  secret = (await rotated.json<{ secret: string }>()).secret;

  const targets = ["https://alerts.example/marker-0004?key=marker-0005", "https://alerts.example/services/marker-0006"];
  const channels = targets.map((target, index) => ({ kind: index === 0 ? "webhook" : "slack", target, enabled: true }));
  const saved = await call("PUT", "/v1/alert-channels", { token: jwt, body: channels });
  channelSecret = (await saved.json<{ secret: string }[]>())[0]?.secret ?? "";
  const { bindings, queue: notices } = takenQueue();
  await rig.withEnv({ ...rig.env, ALERTS: bindings.ALERTS });

  await rig.start("initial");
  await rig.drain();
  await webhook("evt_sale", {
    type: "sale.completed",
    occurred_at: new Date().toISOString(),
    data: { transactionId: 900_001, transactionDate: new Date().toISOString(), total: 5, items: [], ...PERSON },
  });
  await webhook("evt_unreadable", { type: "sale.completed", data: [{ ...PERSON }] });
  await webhook("evt_unknown", { type: "customer.updated", data: { ...PERSON, nested: [[PERSON]] } });
  await deliver(DEAD_LETTERS, [
    { location_id: rig.id, what: { ...PERSON } },
    { kind: "step", location_id: rig.id },
  ]);
  failing = true;
  await rig.start("full");
  await rig.drain();

  expect(await deliver(ALERTS, notices)).toContain("retry");
  seen.push(await (await call("GET", "/v1/alert-channels", { token: jwt })).text());
  const tested = await call("POST", `/v1/locations/${rig.id}/test`, { token: jwt, app });
  seen.push(await tested.text());
  failing = false;

  const plain = btoa(`${API_KEY}:${INTEGRATOR_KEY}`);
  markers = [
    API_KEY,
    INTEGRATOR_KEY,
    plain,
    plain.slice(4, 28),
    secret.replace("whsec_", ""),
    channelSecret.replace("whsec_", ""),
    "marker",
    "Marker",
  ];
});

afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const found = (text: string) => markers.filter((marker) => text.includes(marker));

describe("secrets and customers' data after a full run", () => {
  it("secrets passed through: sales came, and a run failed with a reason", async () => {
    const sales = await rows("select 1 from sales where location_id = ?", rig.id);
    expect(sales.length).toBeGreaterThan(5);
    // The unreadable row came, and was reported.
    const [first] = await rows<{ failed: number }>("select failed from runs where mode = 'initial'");
    expect(first?.failed).toBeGreaterThan(0);
    const { last_run, last_24h } = await rig.status();
    expect(last_run?.state).toBe("failed");
    expect(last_run?.error?.message).toContain("repeats the API key");
    expect(last_24h.webhooks.received).toBe(3);
    const letters = await rows("select 1 from dead_letters");
    expect(letters.length).toBeGreaterThan(2);
    expect(seen.join()).toContain("repeats the API key");
  });

  it("no table of D1 has a secret or a customer's data", async () => {
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const { name } of tables) {
      expect(found(JSON.stringify(await rows(`select * from "${name}"`))), name).toEqual([]);
    }
  });

  it("no storage of a Location has a secret or a customer's data", async () => {
    const stub = env.LOCATION.get(env.LOCATION.idFromName(rig.id));
    const stored = await runInDurableObject(stub, async (_, { storage }) => {
      const tables = storage.sql
        .exec<{ name: string }>(
          "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
        )
        .toArray();
      const rows = tables.map(({ name }) => [name, storage.sql.exec(`select * from "${name}"`).toArray()]);
      return JSON.stringify([rows, [...(await storage.list())]]);
    });
    expect(stored).toContain("evt_sale");
    expect(found(stored)).toEqual([]);
  });

  it("no answer of the API has a secret or a customer's data", async () => {
    const jwt = await token();
    const { paths } = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
    const lists = Object.entries(paths ?? {}).flatMap(([path, methods]) =>
      "get" in methods && !path.endsWith("/stream") ? [path.replace("{location_id}", rig.id)] : [],
    );
    const events = ["evt_sale", "evt_unreadable", "evt_unknown"].map((id) => `/v1/locations/${rig.id}/events/${id}`);
    let bytes = 0;
    for (const path of [...lists, ...events]) {
      for (const accept of ["application/json", "text/csv"]) {
        const response = await call("GET", path, { token: jwt, app, headers: { accept } });
        const text = await response.text();
        bytes += text.length;
        expect(found(text), path).toEqual([]);
      }
    }
    expect(bytes).toBeGreaterThan(20_000);
    expect(found(seen.join())).toEqual([]);
  });

  it("no line of the log has a secret or a customer's data", () => {
    expect(found(logged.join("\n"))).toEqual([]);
  });
});
