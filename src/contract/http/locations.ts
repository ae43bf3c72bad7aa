import { SHORT_TEXT } from "../../domain/bounds.ts";
import { lineOfText, problem, time, z } from "./common.ts";
import { settings, settingsPatch } from "./settings.ts";

/** A header name (RFC 9110, token). Headers that fetch sets itself cannot carry a key. */
const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, "must be the name of an HTTP header")
  .refine(
    (name) => !/^(host|content-length|connection|transfer-encoding)$/i.test(name),
    "must not be a reserved header",
  );

/** Visible ASCII, because it is sent in a header. */
const key = z
  .string()
  .trim()
  .min(1)
  .max(4_096)
  .regex(/^[\x21-\x7e]+$/, "must consist of visible ASCII characters");

const auth = z.union([z.enum(["basic", "bearer"]), z.strictObject({ header: headerName })]);
export type AuthScheme = z.infer<typeof auth>;

const profile = z.enum(["pos", "guide"]);
export type ProfileName = z.infer<typeof profile>;

const dutchie = {
  endpoint: z.string().trim().min(1).max(500).openapi({ example: "https://api.pos.dutchie.com" }),
  api_key: key,
  integrator_key: key.optional(),
  location_id: z.string().trim().min(1).max(200).optional(),
  profile: z.enum(["auto", ...profile.options]).optional(),
  auth: auth.optional(),
};

export const dutchieInput = z.strictObject(dutchie).openapi("DutchieConnection");
export type DutchieInput = z.infer<typeof dutchieInput>;

/** `null` removes the integrator key. */
const dutchiePatch = z
  .strictObject({ ...z.strictObject(dutchie).partial().shape, integrator_key: key.nullable().optional() })
  .openapi("DutchieConnectionPatch");
export type DutchiePatch = z.infer<typeof dutchiePatch>;

const name = lineOfText(SHORT_TEXT.max);

const timeZone = z
  .string()
  .max(100)
  .refine((text) => zoneOf(text) !== null, "must be an IANA time zone, such as America/Los_Angeles")
  .transform((text) => zoneOf(text) ?? text)
  .openapi({ type: "string", example: "America/Los_Angeles" });

/** The zone in its usual capitals, by which the pages find it; null: it is none, as +05:00, which not every browser reads. */
function zoneOf(text: string): string | null {
  if (!/^[a-z]/i.test(text)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions();
    // Another name for a zone stays as it is.
    return timeZone.toLowerCase() === text.toLowerCase() ? timeZone : text;
  } catch {
    return null;
  }
}

export const createLocation = z.strictObject({
  name: name.optional().openapi({ description: "Needed for a new store; a store that is reconnected keeps its own" }),
  time_zone: timeZone.optional().openapi({ description: "As with `name`", example: "America/Los_Angeles" }),
  dutchie: dutchieInput,
  settings: settingsPatch
    .optional()
    .openapi({ description: "Of a store that is reconnected: merged into its settings" }),
  reconnect: z.boolean().default(false).openapi({
    description:
      "Takes up the records of a store that was disconnected, if this Dutchie location had one. Without it such a store is 409",
  }),
  reconnect_location_id: z.string().max(100).optional().openapi({
    description:
      "Takes up this disconnected store and no other; 409 if the connection leads to another Dutchie location",
  }),
});

export type CreateLocation = z.infer<typeof createLocation>;

export const changeLocation = z.strictObject({
  name: name.optional(),
  time_zone: timeZone.optional(),
  dutchie: dutchiePatch.optional(),
  settings: settingsPatch.optional(),
});
export type ChangeLocation = z.infer<typeof changeLocation>;

export const webhookScheme = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("standard") }),
    z.strictObject({
      kind: z.literal("hmac"),
      header: headerName,
      encoding: z.enum(["hex", "base64"]),
      prefix: z.string().max(50).default(""),
    }),
  ])
  .openapi("WebhookScheme");
export type WebhookScheme = z.infer<typeof webhookScheme>;

export const locationState = z.enum(["never_synced", "idle", "syncing", "degraded", "failing", "disconnected"]);
export type LocationState = z.infer<typeof locationState>;

export const location = z
  .object({
    location_id: z.string(),
    name: z.string(),
    time_zone: z.string(),
    dutchie: z.object({
      endpoint: z.string(),
      location_id: z.string().nullable(),
      profile: profile,
      auth,
      api_key_hint: z.string().openapi({ example: "…3f9a" }),
    }),
    settings,
    webhook: z.object({ url: z.string(), scheme: webhookScheme, secret_hint: z.string() }),
    status_summary: z.object({
      state: locationState,
      last_sync_at: time.nullable(),
      last_success_at: time.nullable(),
      next_sync_at: time.nullable(),
      error_rate_24h: z.number(),
    }),
    created_at: time,
  })
  .openapi("Location");
export type LocationJson = z.infer<typeof location>;

/** The answer that shows the secret; no other does. */
export const webhookSecret = z.object({ url: z.string(), secret: z.string() }).openapi("WebhookSecret");

export const connectionTest = z
  .object({
    ok: z.boolean(),
    profile: profile.nullable(),
    auth: auth.nullable(),
    location: z.object({ dutchie_location_id: z.string(), name: z.string().nullable() }).nullable(),
    latency_ms: z.number(),
    checks: z.array(
      z.object({
        name: z.enum([
          "reachable",
          "authenticated",
          "location",
          "products",
          "inventory",
          "transactions",
          "rooms",
          "clock",
        ]),
        ok: z.boolean(),
        detail: z.string(),
        hint: z.string().optional(),
      }),
    ),
    error: problem.nullable(),
  })
  .openapi("ConnectionTest");
export type ConnectionTestJson = z.infer<typeof connectionTest>;

export const reseal = z
  .object({
    resealed: z
      .int()
      .openapi({ description: "Stores and alert channels that this request sealed with the newest key" }),
    remaining: z.int().openapi({
      description:
        "Stores that still have something sealed with another key; with the last store, alert channels count too",
    }),
    unopened: z
      .array(z.string())
      .openapi({ description: "Stores and alert channels of this request that no key in CREDENTIAL_KEYS opens" }),
    next_cursor: z.string().nullable(),
  })
  .openapi("Reseal");
