import { z } from "zod";
import { type ConfigProblem, developmentTraits } from "./deployment.ts";
import { checkEndpoint, type EndpointRules } from "./security/endpoint.ts";
import { type KeyRing, parseKeyRing } from "./security/key-ring.ts";

/** How callers of the API prove who they are; at least one of the two keys is set. */
export interface AuthConfig {
  /** HS256 key, at least 32 bytes. */
  secret: Uint8Array | null;
  jwks_url: string | null;
  issuer: string | null;
  audience: string | null;
}

export interface Config {
  environment: "development" | "staging" | "production";
  /** Without a trailing slash. */
  public_url: string;
  allow_local_endpoints: boolean;
  /** null: nobody can be let in. The API answers 503 and says so; queues and timers work all the same. */
  auth: AuthConfig | null;
  credential_keys: KeyRing;
  cors_origins: string[];
  /** Sender of alerts by e-mail; null: e-mail is not set up. */
  alert_email_from: string | null;
  /** A run whose heartbeat is older is revived, ms. */
  watchdog_ms: number;
  /**
   * How long a message may wait in a queue before it counts as lost, ms. While it waits, no second one is sent for the same
   * work: a queue that falls behind would only fall further behind. Cloudflare's queues lose nothing; local ones forget
   * their messages when they stop.
   */
  queued_ms: number;
}

/** An hour: so long a store stands still, in silence, whose reader died. */
const MAX_WATCHDOG_MS = 3_600_000;
/** A day: after that, a message that was sent counts as lost, and is sent again. */
const MAX_QUEUED_MS = 86_400_000;

/** Where requests may go, as this Worker is configured. */
export const endpointRules = (config: Pick<Config, "allow_local_endpoints" | "public_url">): EndpointRules => ({
  allowLocal: config.allow_local_endpoints,
  own: config.public_url,
});

/** The message names variables and never a value. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The Worker is not configured: ${problems.map(({ name, message }) => `${name}: ${message}`).join("; ")}.`);
    this.problems = problems;
  }
}

const optionalText = z
  .string()
  .optional()
  .transform((text) => (text === undefined || text.trim() === "" ? null : text.trim()));

const keyRing = z.string("is missing").transform((text, context): KeyRing => {
  const parsed = parseKeyRing(text);
  if (parsed.ok) return parsed.ring;
  context.addIssue({ code: "custom", message: parsed.reason });
  return z.NEVER;
});

const secret = optionalText.transform((text, context): Uint8Array | null => {
  if (text === null) return null;
  const bytes = new TextEncoder().encode(text);
  // RFC 7518, 3.2: a key of at least the hash's size.
  if (bytes.length >= 32) return bytes;
  context.addIssue({ code: "custom", message: "must have at least 32 bytes" });
  return z.NEVER;
});

/** Whether it is an address without a path or anything else after the host, however that is written. */
const isAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.href === `${url.origin}/` && !/[*,]/.test(url.host);
};

const milliseconds = (min: number, max: number) => {
  const message = `must be a whole number of milliseconds from ${min} to ${max}`;
  return z.coerce.number(message).int(message).min(min, message).max(max, message);
};

const variables = z
  .object({
    ENVIRONMENT: z.enum(["development", "staging", "production"]),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/(?<!\/)\/+$/, ""))
      .refine(isAddress, "must be an address without a path, such as https://dutchie.example.com"),
    ALLOW_LOCAL_ENDPOINTS: optionalText
      .pipe(z.enum(["true", "false"], "must be true or false").nullable())
      .transform((text) => text === "true"),
    AUTH_JWT_SECRET: secret,
    AUTH_JWKS_URL: optionalText.pipe(z.url({ protocol: /^https?$/ }).nullable()),
    AUTH_ISSUER: optionalText,
    AUTH_AUDIENCE: optionalText,
    CREDENTIAL_KEYS: keyRing,
    CORS_ORIGINS: optionalText
      .transform((text) => splitList(text ?? ""))
      .refine((list) => list.every(isAddress), "must be origins without a path, such as https://app.example.com")
      // As browsers state them: in lower case, without a slash and the usual port.
      .transform((list) => list.map((each) => new URL(each).origin)),
    ALERT_EMAIL_FROM: optionalText.pipe(z.email("must be an e-mail address").nullable()),
    WATCHDOG_MS: milliseconds(3_000, MAX_WATCHDOG_MS).default(90_000),
    QUEUED_MS: milliseconds(1_000, MAX_QUEUED_MS).default(3_600_000),
  })
  .transform(
    (env): Config => ({
      environment: env.ENVIRONMENT,
      public_url: env.PUBLIC_URL,
      allow_local_endpoints: env.ALLOW_LOCAL_ENDPOINTS,
      auth:
        env.AUTH_JWT_SECRET === null && env.AUTH_JWKS_URL === null
          ? null
          : {
              secret: env.AUTH_JWT_SECRET,
              jwks_url: env.AUTH_JWKS_URL,
              issuer: env.AUTH_ISSUER,
              audience: env.AUTH_AUDIENCE,
            },
      credential_keys: env.CREDENTIAL_KEYS,
      cors_origins: env.CORS_ORIGINS,
      alert_email_from: env.ALERT_EMAIL_FROM,
      watchdog_ms: env.WATCHDOG_MS,
      queued_ms: env.QUEUED_MS,
    }),
  );

const splitList = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** One isolate sees the same `env` object with each request. */
const parsed = new WeakMap<object, Config>();

/** The configuration, parsed once per environment object. Throws `ConfigError`. */
export function parseConfig(env: object): Config {
  const known = parsed.get(env);
  if (known !== undefined) return known;
  const result = variables.safeParse(env);
  const problems = [...unread(result.error), ...unfit(env), ...(result.success ? foreign(result.data) : [])];
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  parsed.set(env, result.data);
  return result.data;
}

/** What is wrong with the configuration; empty: nothing. */
export function configProblems(env: object): readonly ConfigProblem[] {
  try {
    parseConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const unread = (error: z.ZodError | undefined): ConfigProblem[] =>
  (error?.issues ?? []).map(({ path, message }) => ({ name: path.join("."), message }));

/** Whatever is not said to be a development is held to be reached by others. */
const unfit = (env: object): ConfigProblem[] =>
  "ENVIRONMENT" in env && env.ENVIRONMENT === "development" ? [] : developmentTraits({ ...env });

/** Keys are fetched from a server that is not ourselves, and not of a private network. */
function foreign({ auth, ...config }: Config): ConfigProblem[] {
  const url = auth?.jwks_url ?? null;
  const checked = url === null ? null : checkEndpoint(url, { ...endpointRules(config), whole: true });
  return checked === null || checked.ok ? [] : [{ name: "AUTH_JWKS_URL", message: `is refused: ${checked.reason}` }];
}
