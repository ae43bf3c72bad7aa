import type { Drawn, LieInput } from "./lies/lies.ts";

export type Profile = "pos" | "guide";
export type AuthScheme = "basic" | "bearer" | "header";

export interface SimulatorOptions {
  /** Number of products, 2 to 50,000. */
  size?: number;
  seed?: number;
  /** Which of the two APIs answer. */
  profiles?: Profile[];
  now?: () => number;
  salesDays?: number;
  salesPerDay?: number;
  timeZone?: string;
  apiKey?: string;
  /** Password of Basic authentication. */
  integratorKey?: string;
  /** How the guide profile accepts the key; the real API accepts only Basic. `header` is X-Api-Key. */
  auth?: AuthScheme[];
  /** null: a key without a location, for which /whoami answers 404. */
  locationId?: number | null;
  locationName?: string;
  /** Roles of the key: Reporting, Inventory, Products, Room. A missing one answers 403. */
  roles?: string[];
  whoamiCase?: "camel" | "pascal";
  limits?: Limits;
  limitText?: boolean;
  /** Seconds or true (the time left) in `Retry-After` of a 429 by the limits; false: no such header. */
  limitRetryAfter?: number | boolean;
  guidePaging?: "none" | "cursor" | "url";
  guidePageSize?: number;
  /** What the guide profile answers to another `locationId`. */
  otherLocation?: "404" | "empty";
  /** Whether the guide profile accepts writes; false: 405. */
  guideWrites?: boolean;
  /** All numbers as strings. (The fault of the same name does so for a while.) */
  stringNumbers?: boolean;
  webhook?: WebhookTarget | null;
  webhookFaults?: WebhookFaults;
  /** Misleading answers, one by one or drawn from a seed. */
  lies?: readonly LieInput[] | Drawn;
  fetch?: typeof globalThis.fetch;
  /** Waits, for late webhooks, retries and slow answers. Tests pass one that does not wait. */
  delay?: (ms: number) => Promise<void>;
}

export type Limits = "real" | "off" | { scale: number };

export interface WebhookTarget {
  url: string;
  secret: string;
  profile?: Profile;
  scheme?: "standard" | { header: string; encoding: "hex" | "base64"; prefix?: string };
}

export interface WebhookFaults {
  /** Probabilities, 0 to 1. */
  duplicate?: number;
  late?: number;
  lateMs?: number;
  reorder?: number;
  drop?: number;
}

/** What can be changed while the store is open. */
export type Config = Required<Omit<SimulatorOptions, "webhook" | "webhookFaults" | "lies" | "fetch" | "delay" | "now">>;

export function configOf(options: SimulatorOptions): Config {
  const size = Math.round(options.size ?? 3000);
  if (size < 2 || size > 50_000) throw new RangeError("size must be between 2 and 50,000");
  return {
    size,
    seed: options.seed ?? 1,
    profiles: options.profiles ?? ["pos", "guide"],
    salesDays: options.salesDays ?? 60,
    // Sales grow with the number of products, up to a thousand a day.
    salesPerDay: options.salesPerDay ?? Math.max(1, Math.min(1000, Math.round((size * 350) / 3000))),
    timeZone: options.timeZone ?? "America/Denver",
    apiKey: options.apiKey ?? "sim-key",
    integratorKey: options.integratorKey ?? "",
    auth: options.auth ?? ["basic"],
    locationId: options.locationId === undefined ? 4711 : options.locationId,
    locationName: options.locationName ?? "Green Door Main St ",
    roles: options.roles ?? ["Reporting", "Inventory", "Products", "Room"],
    whoamiCase: options.whoamiCase ?? "camel",
    limits: options.limits ?? "real",
    limitText: options.limitText ?? false,
    limitRetryAfter: options.limitRetryAfter ?? false,
    guidePaging: options.guidePaging ?? "none",
    guidePageSize: options.guidePageSize ?? 500,
    otherLocation: options.otherLocation ?? "404",
    guideWrites: options.guideWrites ?? true,
    stringNumbers: options.stringNumbers ?? false,
  };
}
