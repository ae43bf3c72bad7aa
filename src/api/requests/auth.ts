import { createMiddleware } from "hono/factory";
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  errors,
  type FetchImplementation,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
  jwtVerify,
} from "jose";
import { isWithin } from "../../domain/clock.ts";
import { mayAct, type Role, refusalText } from "../../domain/rights.ts";
import type { AuthConfig } from "../../env.ts";
import { log } from "../../platform/log.ts";
import { ApiError } from "../errors.ts";
import type { Caller } from "./caller.ts";
import { readClaims } from "./claims.ts";
import type { AppContext, AppEnv } from "./context.ts";
import { readLimited } from "./read-limited.ts";

const CLOCK_TOLERANCE_SECONDS = 60;
/** Asymmetric only: a public key must never serve as an HMAC secret. */
const JWKS_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

/** Fetched keys are kept as long as the isolate. For an unknown key id jose fetches them again, at most every 30 s. */
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keySet(url: string) {
  const known = keySets.get(url) ?? createRemoteJWKSet(new URL(url), { [customFetch]: pausing() });
  keySets.set(url, known);
  return known;
}

/** How long a key server that failed is left alone, ms: anybody can send tokens that make us ask it. */
const PAUSE_MS = 1_000;

function pausing(): FetchImplementation {
  let failed_at: number | null = null;
  return async (url, options) => {
    if (failed_at !== null && isWithin(failed_at, PAUSE_MS, Date.now()))
      throw new Error("the key server did not answer just now");
    try {
      const keys = await readKeys(await fetch(url, options));
      failed_at = null;
      return keys;
    } catch (error) {
      failed_at = Date.now();
      throw error;
    }
  };
}

/** A bounded answer that is a set of keys: whatever else comes, the key server has failed. */
async function readKeys(response: Response): Promise<Response> {
  const read = await readLimited(response);
  if (!response.ok || !read.ok) throw new Error(`the key server answered ${read.ok ? response.status : read.reason}`);
  const keys: JSONWebKeySet = JSON.parse(new TextDecoder().decode(read.bytes));
  // Throws if it is none.
  createLocalJWKSet(keys);
  return Response.json(keys);
}

/** Sets `caller` in the context, or answers 401. */
export const authenticate = createMiddleware<AppEnv>(async (c, next) => {
  const { auth } = c.var.config;
  if (auth === null) {
    const message = "Nobody can sign in: neither AUTH_JWT_SECRET nor AUTH_JWKS_URL is set on this Worker.";
    throw new ApiError("UNAVAILABLE", message, { retry_after_seconds: 60 });
  }
  const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i.exec(authorization(c)) ?? [];
  if (token === undefined) throw unauthorized("Send a token: Authorization: Bearer <JWT>.");
  c.set("caller", callerOf(await payloadOf(token, auth)));
  await next();
});

/** EventSource cannot send headers, so the stream (and no other route) accepts the token in its address. */
function authorization(c: AppContext): string {
  const header = c.req.header("authorization");
  if (header !== undefined) return header;
  const streams = /^\/v1\/locations\/[^/]+\/status\/stream$/.test(c.req.path);
  const token = streams ? c.req.query("access_token") : undefined;
  return token === undefined ? "" : `Bearer ${token}`;
}

export function requireRole(needed: Role) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const { role } = c.var.caller;
    if (!mayAct(role, needed)) {
      throw new ApiError("FORBIDDEN", refusalText(role, needed), { details: { role, needed } });
    }
    await next();
  });
}

async function payloadOf(token: string, auth: AuthConfig): Promise<JWTPayload> {
  const options = {
    requiredClaims: ["exp"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(auth.issuer === null ? {} : { issuer: auth.issuer }),
    ...(auth.audience === null ? {} : { audience: auth.audience }),
  };
  try {
    // The header only selects the key to try. Each key has its own list of algorithms.
    const symmetric = decodeProtectedHeader(token).alg === "HS256";
    let verified: JWTVerifyResult;
    if (symmetric && auth.secret !== null) {
      verified = await jwtVerify(token, auth.secret, { ...options, algorithms: ["HS256"] });
    } else if (!symmetric && auth.jwks_url !== null) {
      verified = await verifiedByAny(token, keySet(auth.jwks_url), { ...options, algorithms: JWKS_ALGORITHMS });
    } else {
      throw unauthorized("The token is signed in a way that this service does not accept.");
    }
    return verified.payload;
  } catch (error) {
    throw refusal(error);
  }
}

/** A token that does not name its key is tried with each that it may mean: while keys are replaced there are two. */
async function verifiedByAny(token: string, keys: ReturnType<typeof keySet>, options: JWTVerifyOptions) {
  try {
    return await jwtVerify(token, keys, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return await jwtVerify(token, key, options);
      } catch (other) {
        if (!(other instanceof errors.JWSSignatureVerificationFailed)) throw other;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** A key server that does not answer is our fault, not the caller's. */
function refusal(error: unknown): unknown {
  if (error instanceof ApiError) return error;
  if (error instanceof errors.JWTExpired) return unauthorized("The token has expired.");
  const theirs = error instanceof errors.JOSEError && !KEY_SERVER_CODES.has(error.code);
  if (theirs || !(error instanceof Error) || error.message === "Invalid Token or Protected Header formatting") {
    return unauthorized("The token is not valid.");
  }
  log("key_server_silent", { cause: error });
  const message = "Tokens cannot be checked right now: the key server does not answer. Try again in a moment.";
  return new ApiError("UNAVAILABLE", message, { retry_after_seconds: 5 });
}

const KEY_SERVER_CODES: ReadonlySet<string> = new Set([
  errors.JOSEError.code,
  errors.JWKSTimeout.code,
  errors.JWKSInvalid.code,
]);

function callerOf(payload: JWTPayload): Caller {
  const claims = readClaims(payload);
  if (claims === null) throw unauthorized(UNREADABLE);
  // jose refuses a token without `exp`.
  return { ...claims, expires_at: ((payload.exp ?? 0) + CLOCK_TOLERANCE_SECONDS) * 1000 };
}

const UNREADABLE =
  "The token must name the retailer (retailer_id or entity_id, a text; the same if it has both), and may have location_ids " +
  "(a list of texts).";

const unauthorized = (message: string) => new ApiError("UNAUTHORIZED", message);
