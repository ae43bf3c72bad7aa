import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { SignJWT } from "jose";
import { createApp } from "../../../src/api/app.ts";
import { newWebhookSecret } from "../../../src/api/webhooks/secrets.ts";
import { accountsDb, shardsOf } from "../../../src/db/databases.ts";
import { insertLocation, type LocationRow } from "../../../src/db/locations.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import type { ConnectionTest } from "../../../src/dutchie/connect/connection-test.ts";
import { parseConfig } from "../../../src/env.ts";
import { sealCredentials } from "../../../src/security/credentials.ts";

const SECRET = "test-only-secret-of-at-least-32-bytes-0001";

export interface Claims {
  retailer_id?: string | undefined;
  entity_id?: string;
  role?: string | undefined;
  permissions?: unknown;
  location_ids?: unknown;
  sub?: string;
  aud?: string;
  iss?: string;
}

let subjects = 0;

/** Each token is another person's, so that no test meets the rate limit of the one before. */
export function token(claims: Claims = {}, options: { expires?: number | null; secret?: string } = {}) {
  const { expires = Math.floor(Date.now() / 1000) + 600, secret = SECRET } = options;
  const payload = { retailer_id: "ret_1", role: "admin", sub: `user_${subjects++}`, ...claims };
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: "HS256" });
  if (expires !== null) jwt.setExpirationTime(expires);
  return jwt.sign(new TextEncoder().encode(secret));
}

export const working: ConnectionTest = {
  ok: true,
  profile: "pos",
  auth: "basic",
  location: { dutchie_location_id: "1001", name: "Main St" },
  latency_ms: 12,
  checks: [{ name: "reachable", ok: true, detail: "The endpoint answers." }],
  error: null,
};

export const refusing: ConnectionTest = {
  ...working,
  ok: false,
  auth: null,
  location: null,
  error: { code: "UNAUTHORIZED", message: "401", hint: "Check the API key." },
};

/** The app with a Dutchie that answers as the test says. */
export function appWith(answer: ConnectionTest | ((candidate: unknown) => ConnectionTest) = working, now = Date.now) {
  const testConnection = async (candidate: unknown) => (typeof answer === "function" ? answer(candidate) : answer);
  return createApp({ testConnection, now });
}

export interface Call {
  token?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  env?: Env;
  app?: { fetch: ReturnType<typeof createApp>["fetch"] };
}

const standardApp = appWith();

export async function call(method: string, path: string, given: Call = {}): Promise<Response> {
  const headers = new Headers(given.headers);
  if (given.token !== undefined) headers.set("authorization", `Bearer ${given.token}`);
  if (given.body !== undefined) headers.set("content-type", "application/json");
  const body = given.body === undefined ? given.raw : JSON.stringify(given.body);
  const request = new Request(`https://worker.test${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  return (given.app ?? standardApp).fetch(request, given.env ?? env, createExecutionContext());
}

export interface ErrorBody {
  error: { code: string; message: string; details: Record<string, unknown> };
}

export const errorOf = async (response: Response) => (await response.json<ErrorBody>()).error;

/** The bindings with some replaced. */
export function envWith(replaced: Record<string, unknown>): Env {
  return { ...env, ...replaced } as Env;
}

/** A LOCATION binding whose objects answer with these methods. */
export function fakeLocation(methods: Record<string, (...given: never[]) => unknown>): Env {
  return envWith({ LOCATION: { idFromName: (name: string) => name, get: () => methods } });
}

let stores = 0;
const SHARDS = [...shardsOf(env).keys()];

/** A connected store, straight into D1, with the secret of its webhooks. */
export async function seedStore(given: Partial<LocationRow> = {}): Promise<{ row: LocationRow; secret: string }> {
  const config = parseConfig(env);
  const location_id = given.location_id ?? `loc_seed${stores++}`;
  const webhook = await newWebhookSecret(config, location_id);
  const credentials = { api_key: "key-of-the-store-9876" };
  const row: LocationRow = {
    location_id,
    // Nothing may assume that two stores share a database.
    shard: SHARDS[stores % SHARDS.length] ?? "",
    other_shard: null,
    retailer_id: "ret_1",
    name: "Main St",
    time_zone: "America/Los_Angeles",
    endpoint: "https://dutchie.invalid",
    dutchie_location_id: `d_${location_id}`,
    profile: "pos",
    auth: "basic",
    api_key_hint: "…9876",
    credentials: await sealCredentials(config.credential_keys, location_id, credentials),
    settings: DEFAULT_SETTINGS,
    webhook_scheme: { kind: "standard" },
    webhook_secrets: [webhook.sealed],
    webhook_secret_hint: webhook.hint,
    customer_pepper: null,
    state: "idle",
    last_sync_at: null,
    last_success_at: null,
    next_sync_at: null,
    next_full_at: null,
    wake_at: 0,
    error_rate_24h: 0,
    standing: null,
    created_at: Date.now(),
    deleted_at: null,
    ...given,
  };
  const done = await insertLocation(accountsDb(env), row);
  if (done !== "inserted") throw new Error("The store to seed is there already");
  return { row, secret: webhook.secret };
}

/** The headers of a Standard Webhook. */
export async function signed(secret: string, id: string, body: string | Uint8Array, now = Date.now()) {
  const timestamp = String(Math.floor(now / 1000));
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const data = new Uint8Array([...head, ...bytes]);
  const raw = Uint8Array.from(atob(secret.replace("whsec_", "")), (char) => char.charCodeAt(0));
  const signature = await hmac(raw, data);
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...signature))}`,
  };
}

export async function hmac(key: Uint8Array, data: Uint8Array): Promise<Uint8Array> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}
