import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { checkTarget } from "../../src/alerts/target.ts";
import { configProblems, endpointRules, parseConfig } from "../../src/env.ts";
import { checkEndpoint } from "../../src/security/endpoint.ts";
import { weakBytes, weakText } from "../../src/security/weak-secret.ts";

const ring = (...keys: Uint8Array[]) =>
  JSON.stringify(Object.fromEntries(keys.map((key, at) => [`k${at}`, Buffer.from(key).toString("base64")])));

const GOOD = {
  ENVIRONMENT: "production",
  PUBLIC_URL: "https://dutchie.reup-retail.com",
  ALLOW_LOCAL_ENDPOINTS: "false",
  AUTH_JWT_SECRET: randomBytes(32).toString("base64"),
  AUTH_ISSUER: "https://reup-retail.com",
  AUTH_AUDIENCE: "dutchie",
  CREDENTIAL_KEYS: ring(randomBytes(32)),
  ALERT_EMAIL_FROM: "",
};
const wrong = (given: Record<string, string | undefined>) =>
  configProblems({ ...GOOD, ...given }).map(({ name }) => name);
const published = parseEnv(readFileSync(".dev.vars.example", "utf8"));
const inTests = readFileSync("vitest.worker.config.ts", "utf8");
const testSecret = /AUTH_JWT_SECRET: "([^"]+)"/.exec(inTests)?.[1];

describe("F81: a production with development's settings", () => {
  it("F81: a production that is set up correctly starts, with a secret or with a key server", () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: "https://login.reup-retail.com/keys" })).toEqual([]);
    expect(wrong({ ENVIRONMENT: "staging", AUTH_ISSUER: "", AUTH_AUDIENCE: "" })).toEqual([]);
    expect(wrong({ CORS_ORIGINS: "https://app.reup-retail.com", ALERT_EMAIL_FROM: "a@reup-retail.com" })).toEqual([]);
  });

  it("F81: each of development's own variables is named", () => {
    const vars = unstable_readConfig({ config: "wrangler.toml" }).vars as Record<string, string>;
    const given = { ...vars, ...published, ENVIRONMENT: "production", AUTH_JWKS_URL: "http://localhost:9000/keys" };
    expect(new Set(wrong({ ...given, AUTH_ISSUER: "", AUTH_AUDIENCE: undefined }))).toEqual(
      new Set([
        "ALLOW_LOCAL_ENDPOINTS",
        "PUBLIC_URL",
        "AUTH_JWKS_URL",
        "AUTH_JWT_SECRET",
        "CREDENTIAL_KEYS",
        "AUTH_ISSUER",
        "AUTH_AUDIENCE",
      ]),
    );
  });

  it.each([
    ["staging", ["PUBLIC_URL"]],
    ["production", ["PUBLIC_URL", "AUTH_ISSUER", "AUTH_AUDIENCE"]],
  ])(
    "F81: %s as it is in the repository needs an address of its own, and production who signs tokens",
    (env, missing) => {
      const vars = unstable_readConfig({ config: "wrangler.toml", env }).vars as Record<string, string>;
      expect(new Set(wrong({ ...vars }))).toEqual(new Set(missing));
    },
  );

  it.each([
    ["production", "https://reup-dutchie.acme.workers.dev"],
    ["production", "https://reup-dutchie.acme.workers.dev/"],
    ["staging", "https://reup-dutchie-staging.acme.workers.dev"],
    ["staging", "https://f00d-reup-dutchie-staging.acme.workers.dev"],
    ["production", "https://sync.acme.workers.dev"],
    ["production", "https://dutchie.reup-retail.com"],
  ])("F81: the %s Worker's own address, %s, is right, and is never called by ourselves", (ENVIRONMENT, url) => {
    const given = { ...GOOD, ENVIRONMENT, PUBLIC_URL: url };
    expect(configProblems(given)).toEqual([]);
    expect(configProblems({ ...given, CORS_ORIGINS: `https://app.reup-retail.com,${new URL(url).origin}` })).toEqual(
      [],
    );
    const keys = { ...given, AUTH_JWT_SECRET: undefined, AUTH_JWKS_URL: new URL("/keys", url).href };
    expect(configProblems(keys).map(({ name }) => name)).toEqual(["AUTH_JWKS_URL"]);
    const rules = endpointRules(parseConfig(given));
    expect(checkEndpoint(url, rules).ok).toBe(false);
    for (const kind of ["slack", "webhook"] as const) {
      expect(checkTarget(kind, new URL("/webhooks/dutchie/loc_1", url).href, rules).ok, kind).toBe(false);
    }
  });

  it.each([
    ["AUTH_JWT_SECRET", published.AUTH_JWT_SECRET],
    ["AUTH_JWT_SECRET", testSecret],
    ["AUTH_JWT_SECRET", "a-string-secret-at-least-256-bits-long"],
    ["AUTH_JWT_SECRET", "ChangeMe-ChangeMe-ChangeMe-1234567"],
    ["AUTH_JWT_SECRET", "0".repeat(64)],
    ["AUTH_JWT_SECRET", "xyzzy".repeat(8)],
    ["AUTH_JWT_SECRET", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abc"],
    ["AUTH_JWT_SECRET", "short"],
    ["CREDENTIAL_KEYS", published.CREDENTIAL_KEYS],
    ["CREDENTIAL_KEYS", ring(new Uint8Array(32))],
    ["CREDENTIAL_KEYS", ring(new Uint8Array(32).fill(0xff))],
    ["CREDENTIAL_KEYS", ring(Uint8Array.from({ length: 32 }, (_, at) => at))],
    ["CREDENTIAL_KEYS", ring(Uint8Array.from({ length: 32 }, (_, at) => 255 - at * 7))],
    ["CREDENTIAL_KEYS", ring(Uint8Array.from({ length: 32 }, (_, at) => (at % 2 === 0 ? 0xde : 0xad)))],
    ["CREDENTIAL_KEYS", ring(randomBytes(32), Buffer.from("t".repeat(32)))],
    ["CREDENTIAL_KEYS", ring(Buffer.from("correct horse battery staple !!!"))],
    ["ALLOW_LOCAL_ENDPOINTS", " true "],
    ["AUTH_JWKS_URL", "http://login.reup-retail.com/keys"],
    ["AUTH_JWKS_URL", "https://10.0.0.5/keys"],
    ["AUTH_JWKS_URL", "https://keys.example/keys"],
    ["AUTH_JWKS_URL", "https://dutchie.reup-retail.com/keys"],
    ["PUBLIC_URL", "http://dutchie.reup-retail.com"],
    ["PUBLIC_URL", "https://localhost:8787"],
    ["PUBLIC_URL", "https://192.168.1.4"],
    ["PUBLIC_URL", "https://example.com"],
    ["PUBLIC_URL", "https://dutchie.reup.example"],
    ["CORS_ORIGINS", "https://app.reup-retail.com,http://localhost:5173"],
    ["CORS_ORIGINS", "*"],
    ["ALERT_EMAIL_FROM", "alerts@example.com"],
    ["AUTH_ISSUER", " "],
    ["AUTH_AUDIENCE", undefined],
  ])("F81: %s is refused: %s", (name, value) => {
    expect(new Set(wrong({ [name]: value }))).toEqual(new Set([name]));
  });

  it("F81: the error has the names and no values", () => {
    const env = { ...GOOD, ...published, ENVIRONMENT: "production" };
    expect(() => parseConfig(env)).toThrow(/AUTH_JWT_SECRET.*CREDENTIAL_KEYS/);
    const message = JSON.stringify(configProblems(env));
    for (const value of Object.values(published)) expect(message).not.toContain(value?.slice(8, 30));
  });

  it("F81: a Worker that does not name its environment does not count as development", () => {
    const vars = { ...GOOD, ...published, ENVIRONMENT: undefined };
    expect(wrong(vars)).toEqual(["ENVIRONMENT", "AUTH_JWT_SECRET", "CREDENTIAL_KEYS"]);
  });

  it("F81: random secrets are never refused", () => {
    fc.assert(
      fc.property(fc.constantFrom("base64", "base64url", "hex"), fc.constantFrom(32, 48, 64), (encoding, length) => {
        expect(weakText(randomBytes(length).toString(encoding as BufferEncoding))).toBeNull();
        expect(weakBytes(randomBytes(32))).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});
