import { z } from "@hono/zod-openapi";
import { time } from "./common.ts";

const resource = z.enum(["products", "inventory", "sales", "rooms"]);
export const runMode = z.enum(["initial", "incremental", "full", "verify"]);

const counts = {
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  deleted: z.number(),
  failed: z.number(),
};

const runError = z.object({ code: z.string(), message: z.string(), hint: z.string() });

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
        missing: z.number(),
        extra: z.number(),
        in_flight: z.number().optional().openapi({
          description: "Differ, but changed too lately for both sides to know: neither matching nor drift",
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

export const run = z
  .object({
    run_id: z.string(),
    location_id: z.string(),
    mode: runMode,
    trigger: z.enum(["schedule", "manual", "webhook", "replay"]),
    state: z.enum(["queued", "running", "waiting", "completed", "completed_with_errors", "failed", "cancelled"]),
    started_at: time,
    finished_at: time.nullable(),
    duration_ms: z.number().nullable(),
    waiting_until: time.nullable(),
    phases: z.array(
      z.object({
        resource: z.enum(["products", "inventory", "sales", "rooms", "verify"]),
        state: z.enum(["pending", "running", "waiting", "completed", "failed"]),
        processed: z.number(),
        total: z.number().nullable(),
        ...counts,
        error: runError.nullable().openapi({ description: "Why it could not be read to its end" }),
      }),
    ),
    percent: z.number(),
    eta_seconds: z.number().nullable(),
    records_processed: z.number(),
    ...counts,
    error_rate: z.number(),
    error: runError.nullable(),
    failures: z.array(z.object({ resource, dutchie_id: z.string().nullable(), reason: z.string() })),
    verification: verification.nullable(),
  })
  .openapi("Run");

/** `heal` makes a verification write what it finds; what other modes read is written anyway. */
export const startRun = z.strictObject({ mode: runMode, heal: z.boolean().default(false) });
