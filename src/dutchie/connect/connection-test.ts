import type { AuthScheme, ConnectionTestJson, ProfileName } from "../../contract/http/locations.ts";
import { believedSkew, type ClockReading, clockText, furtherOff, isClockWrong } from "../../domain/clock.ts";
import { TEST_LIMITS } from "../../domain/limits/read-limits.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { createClient, type WhoAmI } from "../client.ts";
import type { ClientDeps, Timeouts } from "../http/config.ts";
import { dutchieError } from "../http/errors.ts";
import { Meter } from "../http/meter.ts";
import { checkResource } from "./check-resource.ts";
import { type DutchieCandidate, detect } from "./detect.ts";

/** The result of Test Connection. Its error may say when to try again. */
export type ConnectionTest = Omit<ConnectionTestJson, "error"> & { error: DutchieError | null };
type Check = ConnectionTest["checks"][number];
type CheckName = Check["name"];

// A person waits for the result: report a slow server rather than wait for it.
const TEST_TIMEOUTS: Timeouts = { headers: 15_000, idle: 10_000, total: 30_000 };
const NO_ANSWER = new Set(["ECONNREFUSED", "ENOTFOUND", "TLS", "TIMEOUT"]);

const CHECK_OF: Record<Resource, CheckName> = {
  products: "products",
  inventory: "inventory",
  sales: "transactions",
  rooms: "rooms",
};

/** Tries everything that a sync needs, with few requests. Says what is wrong and what to do. Only reads. */
export async function testConnection(
  candidate: DutchieCandidate,
  needed: readonly Resource[],
  deps: ClientDeps = {},
): Promise<ConnectionTest> {
  const testDeps: ClientDeps = {
    // One meter for all clients of this test.
    meter: new Meter(TEST_LIMITS),
    ...deps,
    timeouts: { ...TEST_TIMEOUTS, ...deps.timeouts },
  };
  const now = deps.now ?? Date.now;
  const started = now();
  const identity = await identify(candidate, testDeps);
  const test: ConnectionTest = {
    ok: false,
    profile: identity.profile,
    auth: identity.auth,
    location: identity.location,
    latency_ms: now() - started,
    checks: [],
    error: null,
  };
  const fail = (error: DutchieError) => {
    test.error ??= error;
  };

  test.checks.push(reachable(identity.error), authenticated(identity.error));
  if (identity.error) {
    fail(identity.error);
    const rest = [...new Set(needed)].map((resource) => CHECK_OF[resource]);
    for (const name of ["location", ...rest, "clock"] as CheckName[]) {
      test.checks.push({ name, ok: false, detail: "Not tried, because an earlier check failed." });
    }
    return test;
  }

  const location = checkLocation(candidate.location_id, identity);
  test.checks.push(location.check);
  if (location.error) fail(location.error);

  const client = createClient({ ...candidate, profile: identity.profile, auth: identity.auth }, testDeps);
  const results = await Promise.all(
    [...new Set(needed)].map(async (resource) => ({
      name: CHECK_OF[resource],
      ...(await checkResource(client, resource, now())),
    })),
  );
  // Unreadable rows of one data type do not fail the test while another type can be read.
  const someRead = results.some(({ error }) => error === null);
  for (const { name, error, detail, hint, unreadable } of results) {
    test.checks.push({ name, ok: error === null, detail, ...(hint === undefined ? {} : { hint }) });
    if (error && !(unreadable && someRead)) fail(error);
  }
  const clock = checkClock(
    results.reduce((worst, result) => furtherOff(worst, result.clock_reading), identity.clock_reading),
  );
  // A wrong clock is shown, but does not fail the test: ReUp corrects for it or goes by its own.
  test.checks.push(clock);
  test.ok = test.error === null;
  return test;
}

/** `unnamed`: why the location is not known. */
type Identity = {
  location: ConnectionTest["location"];
  unnamed: DutchieError | null;
  clock_reading: ClockReading;
} & (
  | { error: null; profile: ProfileName; auth: AuthScheme }
  | { error: DutchieError; profile: ProfileName | null; auth: AuthScheme | null }
);

async function identify(candidate: DutchieCandidate, deps: ClientDeps): Promise<Identity> {
  if (candidate.profile === undefined || candidate.profile === "auto") {
    const found = await detect(candidate, deps);
    if (!found.ok)
      return { error: found.error, profile: null, auth: null, location: null, unnamed: null, clock_reading: null };
    return { error: null, profile: found.profile, auth: found.auth, ...locationOf(found.whoami) };
  }
  const fixed = { profile: candidate.profile, auth: candidate.auth ?? ("basic" as const) };
  const client = createClient({ ...candidate, ...fixed }, deps);
  const who = await client.whoami();
  if (who.ok) return { error: null, ...fixed, ...locationOf(who) };
  if (who.error.code !== "NOT_DUTCHIE") return { error: who.error, ...fixed, ...locationOf(who) };
  // No /whoami here (guide), or a key without a location (POS answers 404). Reading products shows whether this is a Dutchie.
  const products = await checkResource(client, "products", (deps.now ?? Date.now)());
  const isThere = products.error === null || products.error.code === "FORBIDDEN" || products.unreadable === true;
  const missing = isThere ? null : products.error;
  return { error: missing, ...fixed, ...locationOf(who), clock_reading: products.clock_reading };
}

function locationOf(who: WhoAmI): Pick<Identity, "location" | "unnamed" | "clock_reading"> {
  if (!who.ok) return { location: null, unnamed: who.error, clock_reading: null };
  if (who.dutchie_location_id === null) return { location: null, unnamed: null, clock_reading: null };
  return {
    unnamed: null,
    location: { dutchie_location_id: who.dutchie_location_id, name: who.name },
    clock_reading: who.clock_reading,
  };
}

function reachable(error: DutchieError | null): Check {
  if (error === null || !NO_ANSWER.has(error.code))
    return { name: "reachable", ok: true, detail: "The endpoint answers." };
  return { name: "reachable", ok: false, detail: error.message, hint: error.hint };
}

function authenticated(error: DutchieError | null): Check {
  if (error === null) return { name: "authenticated", ok: true, detail: "The API key is accepted." };
  if (NO_ANSWER.has(error.code)) {
    return { name: "authenticated", ok: false, detail: "Not tried, because the endpoint cannot be reached." };
  }
  return { name: "authenticated", ok: false, detail: error.message, hint: error.hint };
}

type Outcome = { check: Check; error: DutchieError | null };

function checkLocation(
  expected: string | undefined,
  identity: Pick<Identity, "location" | "unnamed"> & { profile: ProfileName },
): Outcome {
  const { location, profile, unnamed } = identity;
  const wanted = expected?.trim() ?? "";
  if (location === null) {
    if (profile === "guide") {
      const detail =
        wanted === "" ? "The endpoint has no locations to choose from." : `Every request asks for location ${wanted}.`;
      return { check: { name: "location", ok: true, detail }, error: null };
    }
    return wrong(
      `Dutchie does not say which location the API key belongs to${unnamed === null ? "" : `: ${unnamed.message}`}`,
      "If /whoami is not there (404), ask Dutchie's support to attach the key to this location. Otherwise check the endpoint.",
    );
  }
  const named = `${location.name ?? "a location without a name"} (${location.dutchie_location_id})`;
  if (wanted !== "" && wanted !== location.dutchie_location_id) {
    return wrong(`The API key belongs to ${named}, not to location ${wanted}`);
  }
  return { check: { name: "location", ok: true, detail: `The API key belongs to ${named}.` }, error: null };
}

function wrong(message: string, hint?: string): Outcome {
  const error = dutchieError("WRONG_LOCATION", message, hint === undefined ? {} : { hint });
  return { check: { name: "location", ok: false, detail: error.message, hint: error.hint }, error };
}

/** Each endpoint may run on a machine of its own: the clock with the largest difference counts. */
function checkClock(clock_reading: ClockReading): Check {
  const ok = (detail: string): Check => ({ name: "clock", ok: true, detail });
  if (clock_reading === null) return ok("Dutchie's answers have no time.");
  if (believedSkew(clock_reading) === 0 && !isClockWrong(clock_reading)) return ok("The clocks agree.");
  if (!isClockWrong(clock_reading)) return ok(`Dutchie's clock is ${clockText(clock_reading)}. ReUp corrects for it.`);
  return {
    name: "clock",
    ok: false,
    detail: `The endpoint's clock is ${clockText(clock_reading)}. ReUp uses its own clock.`,
    hint: "Set the clock of the endpoint (or of a proxy in front of it) by NTP. With a wrong clock, ReUp can apply changes in the wrong order.",
  };
}
