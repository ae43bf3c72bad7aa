import type { ClockReading } from "../../domain/clock.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { secretFinder } from "../../security/echo.ts";
import { id, keyTable, openRow, text } from "../decode/fields.ts";
import type { Profile } from "../profiles/index.ts";
import { readText } from "./body.ts";
import type { ClientDeps, DutchieConfig } from "./config.ts";
import { dutchieError } from "./errors.ts";
import type { Meter } from "./meter.ts";
import { request, urlOf } from "./request.ts";

export type WhoAmI =
  | { ok: true; dutchie_location_id: string | null; name: string | null; clock_reading: ClockReading }
  | { ok: false; error: DutchieError };

const KEYS = keyTable({ id: ["locationid", "locid", "id"], name: ["locationname", "name"] });

/** The location that the key belongs to, in either casing. */
export async function whoami(
  config: DutchieConfig,
  deps: ClientDeps & { meter: Meter },
  profile: Profile,
): Promise<WhoAmI> {
  const url = urlOf(config.endpoint, profile.whoami.path, {});
  if (url === null) return { ok: false, error: dutchieError("ENOTFOUND", "The endpoint is not a web address") };
  const opened = await request(config, { url, rate: profile.whoami.rate, role: null }, deps);
  if (!opened.ok) return opened;
  const { answer } = opened;
  const body = await readText(answer.body, 65_536);
  const fields = openRow(parsed(body), KEYS);
  const locationId = fields === null ? null : (fields.read("id", id) ?? null);
  const name = fields?.read("name", text) ?? null;
  // The location is stored and shown, and some servers repeat the key that they were sent.
  const containsSecret = secretFinder([config.api_key.trim(), config.integrator_key?.trim() ?? ""]);
  if (fields === null || locationId === null || containsSecret(`${locationId}\n${name}`)) {
    return { ok: false, error: dutchieError("NOT_DUTCHIE", `${profile.whoami.path} did not answer with a location`) };
  }
  return {
    ok: true,
    dutchie_location_id: locationId,
    name,
    clock_reading: answer.clock_reading,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
