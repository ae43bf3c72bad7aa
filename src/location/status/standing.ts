import type { RunJson } from "../../contract/http/runs.ts";
import type { DataTypeJson, FaresJson } from "../../contract/http/status.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { type Failure, freshSince, type HealthFacts, healthOf, type Standing } from "../../domain/alerts/health.ts";
import { DATA_TYPES, type DataType, enabledTypes, failureText } from "../../domain/runs/data-type.ts";
import type { Run } from "../../domain/runs/run.ts";
import { type FailingPart, failingParts, type TypeState, type TypeStates } from "../../domain/runs/type-states.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";
import type { StoreContext } from "../context.ts";
import { typeStates } from "../storage/type-states.ts";
import type { Values } from "../storage/values.ts";

interface Known {
  types: TypeStates;
  run: Run | null;
  last_run: RunJson | null;
  verification: Values["verification"] | null;
}

/** What is known of the store now; `given` replaces what is not stored yet. */
export function standingOf(
  { store, location }: Pick<StoreContext, "store" | "location">,
  given?: Partial<Known>,
): Standing {
  const { types, run, last_run, verification }: Known = {
    types: typeStates(store, location),
    run: store.get("run"),
    last_run: store.get("last_run"),
    verification: store.get("verification"),
    ...given,
  };
  return {
    types: Object.fromEntries(
      enabledTypes(location.settings).flatMap((type) => {
        const state = types[type];
        return state === undefined ? [] : [[type, standingOfType(state)]];
      }),
    ),
    failed: failureOf(last_run),
    run: run && {
      started_at: run.started_at,
      waiting_until: run.state === "waiting" ? run.waiting_until : null,
      error: run.error && { code: run.error.code, message: run.error.message },
    },
    accuracy: verification && {
      value: verification.accuracy,
      checked_at: verification.checked_at,
      healed: verification.healed,
      ...(verification.correctable === undefined ? {} : { correctable: verification.correctable }),
    },
    unmapped: store.get("unmapped") ?? 0,
  };
}

const standingOfType = ({ since, last_success_at, error, rooms_error }: TypeState) => ({
  since,
  last_success_at,
  error,
  ...(rooms_error === undefined ? {} : { rooms_error }),
});

function failureOf(last: RunJson | null): Failure | null {
  if (last?.state !== "failed" || last.error === null) return null;
  const { code, message, hint } = last.error;
  return { code: code as Failure["code"], message, hint, at: Date.parse(last.finished_at ?? last.started_at) };
}

/** Of a store whose Location has not stored its standing since this column exists. */
export function standingOfRow({ settings, created_at, last_success_at, standing }: StandingRow): Standing {
  const type = { since: created_at, last_success_at, error: null };
  const types = Object.fromEntries(enabledTypes(settings).map((each) => [each, type]));
  return standing ?? { types, failed: null, run: null, accuracy: null, unmapped: 0 };
}

type StandingRow = Pick<LocationRow, "created_at" | "last_success_at" | "standing"> & {
  settings: HealthFacts["settings"];
};

/** How the store fares, as the status and the list of all stores say it. */
export function faresJson(facts: HealthFacts): FaresJson {
  const { standing, settings, now } = facts;
  const { health, activity, problem } = healthOf(facts);
  const enabled = enabledTypes(settings);
  const fresh_since = freshSince(facts);
  return {
    health,
    activity,
    problem: problem && { ...problem, since: isoOrNull(problem.since) },
    data_age_seconds: fresh_since === null ? null : Math.max(0, Math.round((now - fresh_since) / 1000)),
    accuracy: standing.accuracy && { ...standing.accuracy, checked_at: iso(standing.accuracy.checked_at) },
    data_types: Object.fromEntries(
      DATA_TYPES.map((type) => [type, enabled.includes(type) ? dataTypeJson(type, standing.types[type]) : null]),
    ) as FaresJson["data_types"],
    unmapped: standing.unmapped,
  };
}

function dataTypeJson(type: DataType, state: Standing["types"][DataType]): DataTypeJson | null {
  if (state === undefined) return null;
  const [failing] = failingParts(type, state);
  return {
    last_success_at: isoOrNull(state.last_success_at),
    error: failing === undefined ? null : errorJson(failing),
  };
}

/** An error of the rooms is shown with the packages, which were read without them. */
function errorJson({ type, error: { code, message, hint, at } }: FailingPart): DataTypeJson["error"] {
  const words = type === "rooms" ? (failureText([{ type, message }], []) ?? "") : message;
  return { code, message: words, hint, at: iso(at) };
}
