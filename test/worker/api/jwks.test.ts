import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, expect, it, vi } from "vitest";
import { call, envWith, errorOf } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const signedBy = (key: CryptoKey, alg: string, kid: string | null = "k1") =>
  new SignJWT({ retailer_id: "ret_1", role: "viewer" })
    .setProtectedHeader(kid === null ? { alg } : { alg, kid })
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

it.each(["ES256", "RS256", "EdDSA"])("a token that a key of the key server signed with %s is accepted", async (alg) => {
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

it("a token that names no key is accepted if any of the matching keys signed it", async () => {
  const [old, next, other] = [
    await generateKeyPair("ES256"),
    await generateKeyPair("ES256"),
    await generateKeyPair("ES256"),
  ];
  const keys = await Promise.all(
    [old, next].map(async ({ publicKey }) => ({ ...(await exportJWK(publicKey)), alg: "ES256" })),
  );
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys }));
  const env = keyServer("unnamed");
  const status = async ({ privateKey }: typeof old) =>
    (await call("GET", "/v1/status", { token: await signedBy(privateKey, "ES256", null), env })).status;
  expect([await status(old), await status(next), await status(other)]).toEqual([200, 200, 401]);
});

it.each([
  ["cannot be reached", () => Promise.reject(new TypeError("connect failed"))],
  ["answers 500", async () => new Response("oops", { status: 500 })],
  ["answers a page", async () => new Response("<html>")],
  ["answers a list", async () => Response.json([])],
  ["answers a megabyte", async () => Response.json({ keys: [], more: "x".repeat(1_000_000) })],
])("a request is 503 if the key server %s, because the caller is not at fault", async (path, answer) => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(answer);
  const { privateKey } = await generateKeyPair("ES256");
  const env = keyServer(encodeURIComponent(path));
  const response = await call("GET", "/v1/status", { token: await signedBy(privateKey, "ES256"), env });
  expect([response.status, (await errorOf(response)).code]).toEqual([503, "UNAVAILABLE"]);
  expect(response.headers.get("retry-after")).toBe("5");
  // It is left alone for a second.
  await call("GET", "/v1/status", { token: await signedBy(privateKey, "ES256"), env });
  expect(fetched).toHaveBeenCalledOnce();
});

it("a rotated key is fetched when a token first names it, at most every 30 seconds; a removed key is refused", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const [old, next] = [await generateKeyPair("ES256"), await generateKeyPair("ES256")];
  let keys = [{ ...(await exportJWK(old.publicKey)), kid: "old", alg: "ES256" }];
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => Response.json({ keys }));
  const env = keyServer("rotated");
  const status = async (key: CryptoKey, kid: string) =>
    (await call("GET", "/v1/status", { token: await signedBy(key, "ES256", kid), env })).status;
  expect(await status(old.privateKey, "old")).toBe(200);
  keys = [{ ...(await exportJWK(next.publicKey)), kid: "next", alg: "ES256" }];
  // Unknown ids cannot be used to have the key server flooded.
  for (let times = 0; times < 3; times++) expect(await status(next.privateKey, "next")).toBe(401);
  expect(fetched).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() + 31_000);
  expect(await status(next.privateKey, "next")).toBe(200);
  expect(await status(old.privateKey, "old")).toBe(401);
  expect(fetched).toHaveBeenCalledTimes(2);
});

it("tokens that nobody signed do not flood a key server that is away: it is asked once a second", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  vi.spyOn(console, "error").mockImplementation(() => {});
  let answer = async () => new Response("oops", { status: 500 });
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(() => answer());
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const env = keyServer("flooded");
  const status = async (kid: string) =>
    (await call("GET", "/v1/status", { token: await signedBy(privateKey, "ES256", kid), env })).status;
  for (let each = 0; each < 5; each++) expect(await status(`forged${each}`)).toBe(503);
  expect(fetched).toHaveBeenCalledTimes(1);
  answer = () => Promise.reject(new TypeError("connect failed"));
  vi.setSystemTime(Date.now() + 1_001);
  for (let each = 0; each < 5; each++) expect(await status(`forged${each}`)).toBe(503);
  expect(fetched).toHaveBeenCalledTimes(2);
  const keys = [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256" }];
  answer = async () => Response.json({ keys });
  vi.setSystemTime(Date.now() + 1_001);
  expect(await status("k1")).toBe(200);
});
