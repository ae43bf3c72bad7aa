import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { parseConfig } from "../../../src/env.ts";
import { sealCredentials } from "../../../src/security/credentials.ts";
import { ALERTS, takenQueue } from "../alerts/support.ts";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, SYNC } from "../faults/support.ts";

/** A Dutchie that repeats the key it was sent, in one spelling after the other, and all places where that could come out. */
const API_KEY = "Qx7kVt+Vb/2mT==Zr9wJq&hJ";
const INTEGRATOR_KEY = "Wn4tZs/Kd+8pL==Yc3hPr";

const escaped = (text: string) =>
  text.replaceAll(/[^a-z0-9]/gi, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
const SPELLINGS = {
  "as it is": (text: string) => JSON.stringify({ message: `No: ${text}` }),
  "JSON-escaped": (text: string) => `{"message":"No: ${escaped(text)}"}`,
  "JSON-escaped in text": (text: string) => JSON.stringify({ message: `No: ${escaped(text)}` }),
  "URL-encoded": (text: string) => JSON.stringify({ error: `No: ${encodeURIComponent(text)}` }),
  "in base64": (text: string) => `No: ${btoa(`Basic ${text}`)}`,
  "in HTML": (text: string) => `No: ${text.replaceAll(/[^a-z0-9]/gi, (sign) => `&#${sign.charCodeAt(0)};`)}`,
  "in another case": (text: string) => `No: ${text.toLowerCase()}`,
};

const logged: string[] = [];
let rig: Rig;
let jwt = "";

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void logged.push(JSON.stringify(parts)));
  }
  rig = await Rig.open({ apiKey: API_KEY, integratorKey: INTEGRATOR_KEY });
  const keys = { api_key: API_KEY, integrator_key: INTEGRATOR_KEY };
  const credentials = await sealCredentials(parseConfig(env).credential_keys, rig.id, keys);
  await updateLocation(accountsDb(env), rig.id, { credentials });
  jwt = await token();
});

afterEach(() => void logged.splice(0));
afterAll(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/**
 * Letters and digits between two of a key's signs: no spelling but base64 and case changes these. Six, because
 * three come up in random ids by chance.
 */
const PARTS = /qx7kvt|zr9wjq|wn4tzs|yc3hpr|no: /i;

/** What asks to wait, with whatever status. */
const WALL = "Too many requests.";

/** A run waits while the rate limit lasts: two waits are enough to see all texts about it. */
async function waitTwice(): Promise<void> {
  for (let waits = 0; waits < 2; waits++) {
    const next = rig.queue.shift();
    if (next === undefined) throw new Error("a step expected");
    if (next.due > Date.now()) vi.setSystemTime(next.due);
    await deliver(SYNC, [next.body], rig.env);
  }
}

type Sent = { body: string; headers?: Record<string, string> };

async function everythingShown(status: number, { body, headers = {} }: Sent, first?: string): Promise<string> {
  const notices = takenQueue();
  const sent: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const { host, searchParams } = new URL(url);
    if (host !== "alerts.example" && first !== undefined && !searchParams.has("cursor")) return new Response(first);
    if (host !== "alerts.example") return new Response(body, { status, headers });
    sent.push(String(init?.body));
    return new Response(body, { status });
  });
  const channels = [
    { kind: "webhook", target: "https://alerts.example/hook", enabled: true },
    { kind: "slack", target: "https://alerts.example/services/x", enabled: true },
  ];
  await call("PUT", "/v1/alert-channels", { token: jwt, body: channels });
  await rig.withEnv({ ...rig.env, ALERTS: notices.bindings.ALERTS });
  await rig.start("full");
  if (body.startsWith(WALL)) await waitTwice();
  else await rig.drain();
  await deliver(ALERTS, notices.queue);
  const path = `/v1/locations/${rig.id}`;
  const answers = await Promise.all(
    [`${path}/status`, `${path}/syncs`, "/v1/alerts", "/v1/alert-channels", "/v1/status", `${path}/events`].map(
      async (address) => (await call("GET", address, { token: jwt })).text(),
    ),
  );
  const runs = await rows("select document from runs");
  const alerts = await rows("select message from alerts");
  const kept = await runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(rig.id)), (_, state) =>
    JSON.stringify(
      [...state.storage.sql.exec<{ name: string }>("select name from sqlite_master where type = 'table'")]
        .filter(({ name }) => !name.startsWith("_cf"))
        .map(({ name }) => [...state.storage.sql.exec(`select * from "${name}"`)]),
    ),
  );
  return [...answers, JSON.stringify([runs, alerts]), kept, ...sent, ...logged].join("\n");
}

describe.each(Object.entries(SPELLINGS))("F76: a key that comes back %s", (_, spell) => {
  it.each([400, 401, 403, 404, 500])(
    "F76: a key in an answer %i is in no run, status, alert, channel, table or log",
    async (status) => {
      const everything = await everythingShown(status, { body: spell(`${API_KEY}:${INTEGRATOR_KEY}`) });
      expect(everything).toContain(`(${status}`);
      expect(everything.match(PARTS)).toBeNull();
      expect(everything).not.toContain(btoa(`Basic ${API_KEY}`).slice(8, 20));
    },
  );
});

describe.each(Object.entries(SPELLINGS))("F76: a key that comes back %s with 200", (_, spell) => {
  const said = spell(`${API_KEY}:${INTEGRATOR_KEY}`);
  const json = JSON.stringify({ data: [], error: said });
  it.each([
    ["in an error beside an empty list", json, undefined],
    ["in a text that asks to wait", `${WALL} ${said}`, undefined],
    ["on the second page", json, JSON.stringify({ data: [{ productId: 1 }], next: "2" })],
  ])("F76: a key %s is in no run, status, alert, channel, table or log", async (_where, body, first) => {
    const everything = await everythingShown(200, { body }, first);
    expect(everything).toContain("repeats the API key");
    expect(everything.match(PARTS)).toBeNull();
    expect(everything).not.toContain(btoa(`Basic ${API_KEY}`).slice(8, 20));
  });
});

it("F76: a key in the host of a redirect is shown nowhere", async () => {
  const host = `${API_KEY.replaceAll(/[^a-z0-9]/gi, "")}.example.com`;
  const location = `https://${encodeURIComponent(API_KEY)}.example.com/`;
  expect(
    (await everythingShown(302, { body: "", headers: { location: `https://${host}/` } })).match(/example\.com/),
  ).toBeNull();
  expect((await everythingShown(302, { body: "", headers: { location } })).match(PARTS)).toBeNull();
});
