import { RESOURCES } from "../../domain/records/model.ts";
import { DATA_TYPES } from "../../domain/runs/data-type.ts";
import { PHASE_STATES, RUN_MODES, RUN_STATES, RUN_TRIGGERS } from "../../domain/runs/run.ts";
import { problem, time, timeQuery, z } from "./common.ts";

const resource = z.enum(RESOURCES);
const runMode = z.enum(RUN_MODES);

const counts = {
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  deleted: z.number(),
  failed: z.number(),
};

const verification = z
  .object({
    checked_at: time,
    resources: z.array(
      z.object({
        resource,
        dutchie_count: z.number(),
        reup_count: z.number(),
        matching: z.number(),
        mismatching: z.number(),
        unreadable: z.number().optional().openapi({ description: "Of `mismatching`: rows that could not be read" }),
        missing: z.number(),
        extra: z.number(),
        in_flight: z.number().optional().openapi({
          description:
            "Records that differ but changed so recently that one side may not know yet; neither matching nor mismatching",
        }),
      }),
    ),
    accuracy: z.number(),
    value_at_stake: z.number(),
    examples: z.array(
      z.object({
        resource,
        dutchie_id: z.string(),
        field: z.string(),
        dutchie_value: z.unknown(),
        reup_value: z.unknown(),
        likely_cause: z.string(),
      }),
    ),
    healed: z.number(),
  })
  .openapi("Verification");
export type VerificationJson = z.infer<typeof verification>;

export const run = z
  .object({
    run_id: z.string(),
    location_id: z.string(),
    mode: runMode,
    trigger: z.enum(RUN_TRIGGERS),
    state: z.enum(RUN_STATES),
    started_at: time,
    finished_at: time.nullable(),
    duration_ms: z.number().nullable(),
    waiting_until: time.nullable(),
    phases: z.array(
      z.object({
        resource: z.enum([...RESOURCES, "verify"]),
        state: z.enum(PHASE_STATES),
        processed: z.number(),
        total: z.number().nullable(),
        ...counts,
        error: problem.nullable().openapi({ description: "Why the data could not be read completely" }),
      }),
    ),
    percent: z.number(),
    eta_seconds: z.number().nullable(),
    records_processed: z.number(),
    ...counts,
    error_rate: z.number(),
    error: problem.nullable(),
    failures: z.array(z.object({ resource, dutchie_id: z.string().nullable(), reason: z.string() })),
    verification: verification.nullable(),
  })
  .openapi("Run");
export type RunJson = z.infer<typeof run>;

/** `heal` lets a verification correct the differences. Other modes always write what they read. */
export const startRun = z
  .strictObject({
    mode: runMode,
    heal: z.boolean().default(false),
    data_types: z
      .array(z.enum(DATA_TYPES))
      .min(1)
      .max(DATA_TYPES.length)
      .optional()
      .openapi({ description: "Only these; with the mode full. Default: all that are on" }),
    sales_from: timeQuery.optional().openapi({
      type: "string",
      description: "Sales from then on, also those from before `sales_history_days`; with the mode full",
      example: "2026-01-01",
    }),
  })
  .refine(({ mode, data_types, sales_from }) => mode === "full" || (data_types ?? sales_from) === undefined, {
    error: "data_types and sales_from need the mode full",
    path: ["mode"],
  });

/** ReUp's own way to start a sync. */
export const inventorySync = z.strictObject({
  location_id: z.string().max(200),
  sync_type: z.enum(["full", "incremental"]),
});
