import { RESOURCES } from "../../domain/records/model.ts";
import { SNAPSHOT_RESOURCES } from "../../domain/snapshots/absence.ts";
import { problem, time, z } from "./common.ts";
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
  })
  .openapi("Alert");
export type AlertJson = z.infer<typeof alert>;

const last24h = z.object({
  runs: z.number(),
  failed_runs: z.number(),
  records_processed: z.number(),
  records_failed: z.number(),
  error_rate: z.number(),
  avg_duration_ms: z.number().nullable(),
  webhooks: z.object({
    received: z.number(),
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

const dataType = z
  .object({
    last_success_at: time.nullable(),
    error: problem.extend({ at: time }).nullable(),
    next_sync_at: time.nullable(),
  })
  .nullable()
  .openapi({ description: "The state of this data type; null: the store does not sync it" });
export type DataTypeJson = NonNullable<z.infer<typeof dataType>>;

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
    data_types: z.object({ products: dataType, inventory: dataType, sales: dataType }),
    accuracy: z
      .object({ value: z.number(), checked_at: time, healed: z.number() })
      .nullable()
      .openapi({ description: "From the last completed verification; a sync does not change it" }),
    last_24h: last24h,
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
    unmapped: z
      .number()
      .openapi({ description: "Words of Dutchie's that no rule maps into ReUp's: see `GET …/mapping`" }),
    active_alerts: z.array(alert),
    last_error: problem.extend({ at: time }).nullable(),
    updated_at: time,
  })
  .openapi("Status");
export type StatusJson = z.infer<typeof status>;
