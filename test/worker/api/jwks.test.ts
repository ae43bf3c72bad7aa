import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, expect, it, vi } from "vitest";
import { call, envWith, errorOf } from "./support.ts";

afterEach(() => vi.restoreAllMocks());

const signedBy = (key: CryptoKey, alg: string) =>
  new SignJWT({ retailer_id: "ret_1", role: "viewer" })
    .setProtectedHeader({ alg, kid: "k1" })
    .setIssuer("https://reup.example")
    .setAudience("dutchie")
    .setExpirationTime("5m")
    .sign(key);

const keyServer = (path: string) =>
  envWith({
    AUTH_JWT_SECRET: undefined,
    AUTH_JWKS_URL: `https://keys.example/${path}`,
    AUTH_ISSUER: "https://reup.example",
    AUTH_AUDIENCE: "dutchie",
  });

it.each(["ES256", "RS256", "EdDSA"])("a token signed with %s by a key of the key server is accepted", async (alg) => {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const other = await generateKeyPair(alg);
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg }];
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys }));
  const env = keyServer(alg);
  for (const [key, status] of [
    [privateKey, 200],
    [privateKey, 200],
    [other.privateKey, 401],
  ] as const) {
    expect((await call("GET", "/v1/status", { token: await signedBy(key, alg), env })).status).toBe(status);
  }
  // The keys are kept, not fetched with each request.
  expect(fetched).toHaveBeenCalledOnce();
});

it.each([
  ["cannot be reached", () => Promise.reject(new TypeError("connect failed"))],
  ["answers 500", async () => new Response("oops", { status: 500 })],
  ["answers a page", async () => new Response("<html>")],
])("when the key server %s it is 503, not the caller's fault", async (path, answer) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(globalThis, "fetch").mockImplementation(answer);
  const { privateKey } = await generateKeyPair("ES256");
  const env = keyServer(encodeURIComponent(path));
  const response = await call("GET", "/v1/status", { token: await signedBy(privateKey, "ES256"), env });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, "UNAVAILABLE"]);
  expect(response.headers.get("retry-after")).toBe("5");
});
