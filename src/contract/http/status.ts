import { FLEET_SORTS } from "../../domain/alerts/fleet.ts";
import { ACTIONS, ACTIVITIES, HEALTHS } from "../../domain/alerts/health.ts";
import { RESOURCES } from "../../domain/records/model.ts";
import { HOUR_CELLS } from "../../domain/runs/hour-cells.ts";
import { SNAPSHOT_RESOURCES } from "../../domain/snapshots/absence.ts";
import { filterText, onlyReason, pagination, problem, time, timeQuery, wholeOrPage, z } from "./common.ts";
import { locationState } from "./locations.ts";
import { run } from "./runs.ts";

export const alert = z
  .object({
    alert_id: z.string(),
    location_id: z.string(),
    rule: z.string(),
    state: z.enum(["firing", "resolved"]),
    severity: z.enum(["warning", "critical"]),
    message: z.string(),
    started_at: time,
    resolved_at: time.nullable(),
    acknowledged_at: time.nullable(),
    acknowledged_by: z.string().nullable().openapi({ description: "A person's id" }),
    acknowledged_reason: z.string().nullable().openapi({ description: "Why, in the person's words" }),
  })
  .openapi("Alert");
export type AlertJson = z.infer<typeof alert>;

export const acknowledgement = onlyReason.extend({
  started_at: timeQuery.optional().openapi({
    description:
      "As the person was shown it: if the alert began anew since, nothing is acknowledged, and the answer is 409",
  }),
});

const last24h = z.object({
  runs: z.number(),
  failed_runs: z.number(),
  records_processed: z.number(),
  records_failed: z.number(),
  error_rate: z.number(),
  avg_duration_ms: z.number().nullable(),
  webhooks: z.object({
    received: z.number().openapi({
      description: "Different events that came. A repeat counts as `duplicate` alone, a replay in its outcome alone",
    }),
    applied: z.number(),
    duplicate: z.number(),
    stale: z.number(),
    invalid: z.number(),
    ignored: z.number(),
    lag_ms_p50: z.number().nullable(),
    lag_ms_p95: z.number().nullable(),
    missed: z.number(),
  }),
});

const dataType = z.object({
  last_success_at: time.nullable(),
  error: problem.extend({ at: time }).nullable(),
});
export type DataTypeJson = z.infer<typeof dataType>;

/** null: the store does not sync it. */
const ofEachType = <T extends z.ZodType>(type: T) => {
  const shown = type
    .nullable()
    .openapi({ description: "The state of this data type; null: the store does not sync it" });
  return z.object({ products: shown, inventory: shown, sales: shown });
};

/** How a store fares: the same in its status and in the list of all stores. */
const fares = {
  health: z.enum(HEALTHS).openapi({
    description:
      "The worst that holds now: `failing` (the last read of something failed), `stale` (too old), `needs_decision` (a person " +
      "must decide), else `healthy`. A run that tries again does not change it",
  }),
  activity: z.enum(ACTIVITIES).openapi({ description: "`waiting`: a run waits for Dutchie" }),
  problem: z
    .object({
      code: z.string(),
      message: z.string(),
      action: z.enum(ACTIONS).openapi({ description: "What a person can do about it" }),
      since: time.nullable(),
    })
    .nullable(),
  data_age_seconds: z
    .number()
    .nullable()
    .openapi({ description: "Since the oldest last success of the data types; null: one was never read" }),
  accuracy: z
    .object({
      value: z.number(),
      checked_at: time,
      healed: z.number(),
      correctable: z.number().optional().openapi({
        description: "Records that a verification with `heal` would correct; rows that could not be read are none",
      }),
    })
    .nullable()
    .openapi({ description: "From the last completed verification; a sync does not change it" }),
  data_types: ofEachType(dataType),
  unmapped: z
    .number()
    .openapi({ description: "Words of Dutchie's that no rule maps into ReUp's: see `GET …/mapping`" }),
};
const faresObject = z.object(fares);
export type FaresJson = z.infer<typeof faresObject>;

const locationSummary = z
  .object({
    location_id: z.string(),
    name: z.string(),
    state: locationState,
    ...fares,
    last_success_at: time.nullable(),
    disconnected_at: time.nullable().openapi({ description: "null: the store is connected" }),
    error_rate_24h: z.number(),
    open_reviews: z
      .number()
      .nullable()
      .openapi({ description: "null: the database with this store's records does not answer" }),
    active_alerts: z.number(),
    hours: z.array(z.enum(HOUR_CELLS).nullable()).openapi({
      description: "The 24 hours up to this one, the oldest first: whether a sync failed in it; null: none ended",
    }),
  })
  .openapi("LocationSummary");
export type LocationSummaryJson = z.infer<typeof locationSummary>;

/** How many of the caller's stores there are, and how they fare. */
const fleetSummary = z
  .object({
    stores: z.number().openapi({ description: "Those that are connected" }),
    healthy: z.number(),
    needs_decision: z.number(),
    stale: z.number(),
    failing: z.number(),
    never_synced: z.number(),
    disconnected: z.number(),
  })
  .openapi("FleetSummary");

export const fleet = z.object({
  data: z.array(locationSummary),
  summary: fleetSummary.openapi({ description: "Over all stores of the caller, whatever the filter" }),
  unread_stores: z.array(z.string()).openapi({
    description:
      "Stores whose open reviews are not known, because their database does not answer. `health`, `summary` and filters take them for stores without one",
  }),
  pagination: pagination.optional().openapi({ description: "Only if `page` or `limit` was given" }),
});

export const fleetQuery = wholeOrPage.extend({
  q: filterText.openapi({ description: "Words of the store's name or id, in any order" }),
  health: z.enum(HEALTHS).optional(),
  sort: z.enum(FLEET_SORTS).default("name").openapi({ description: "`health` and `data_age`: the worst first" }),
});

export const status = z
  .object({
    location_id: z.string(),
    name: z.string(),
    state: locationState,
    frequency: z.string(),
    last_sync_at: time.nullable(),
    last_success_at: time.nullable(),
    next_sync_at: time.nullable(),
    current_run: run.nullable(),
    last_run: run.nullable(),
    ...fares,
    data_types: ofEachType(dataType.extend({ next_sync_at: time.nullable() })),
    last_24h: last24h.openapi({
      description: "Sums of this hour of the clock and the 23 before it, so of 23 to 24 hours",
    }),
    records: z.object({ products: z.number(), inventory: z.number(), sales: z.number() }),
    queue: z.object({
      pending_events: z.number(),
      dead_letters: z.number(),
      pending_pushes: z.number().openapi({ description: "Edits that Dutchie does not have yet, parked ones included" }),
    }),
    held_snapshot: z
      .object({
        resource: z.enum(RESOURCES),
        rows: z.number().openapi({ description: "Packages or products that the list leaves out" }),
        held_at: time,
        value_at_stake: z.number().openapi({ description: "Quantity × price of these packages" }),
      })
      .nullable(),
    kept_absences: z
      .array(z.object({ resource: z.enum(SNAPSHOT_RESOURCES), rows: z.number(), kept_by: z.string(), kept_at: time }))
      .openapi({ description: "Packages or products that Dutchie does not list, but that a person decided are there" }),
    open_reviews: z.number(),
    active_alerts: z.array(alert),
    last_error: problem.extend({ at: time }).nullable(),
    updated_at: time,
  })
  .openapi("Status");
export type StatusJson = z.infer<typeof status>;
