import type { RunJson, VerificationJson } from "../../contract/http/runs.ts";
import type { AlertJson } from "../../contract/http/status.ts";
import type { StoredPush } from "../../contract/location.ts";
import type { AlertRow } from "../../db/schema/accounts.ts";
import { MAX_FAILURES } from "../../domain/bounds.ts";
import { pushEntries } from "../../domain/pushes/push.ts";
import { accuracyOf, type Verification } from "../../domain/records/drift.ts";
import type { RowFailure } from "../../domain/records/model.ts";
import { errorRate, etaSeconds, percentOf, totals } from "../../domain/runs/progress.ts";
import type { Run } from "../../domain/runs/run.ts";
import { isLost, isMinor } from "../../domain/runs/steps.ts";
import { iso, isoOrNull } from "../../domain/values/iso.ts";
import { round2 } from "../../domain/values/number.ts";
import type { Push } from "../storage/outbox.ts";

/** A run as the API shows it. */
export function runJson(run: Run, now: number): RunJson {
  return {
    run_id: run.run_id,
    location_id: run.location_id,
    mode: run.mode,
    trigger: run.trigger,
    state: run.state,
    started_at: iso(run.started_at),
    finished_at: isoOrNull(run.finished_at),
    duration_ms: run.finished_at === null ? null : run.finished_at - run.started_at,
    waiting_until: isoOrNull(run.waiting_until),
    phases: run.phases,
    percent: percentOf(run),
    eta_seconds: etaSeconds(run, now),
    ...totals(run),
    error_rate: errorRate(run),
    // retry_after_ms is the pipeline's own business.
    error: run.error && { code: run.error.code, message: run.error.message, hint: run.error.hint },
    failures: shownFailures(run.failures),
    verification: run.verification && verificationJson(run.verification),
  };
}

/** Rows that failed come first: the others are up to date, except for a label. */
function shownFailures(failures: readonly RowFailure[]): RunJson["failures"] {
  return [...failures.filter(isLost), ...failures.filter(isMinor)]
    .slice(0, MAX_FAILURES)
    .map(({ resource, dutchie_id, reason }) => ({ resource, dutchie_id, reason }));
}

function verificationJson(report: Verification): VerificationJson {
  const { checked_at, resources, value_at_stake, examples, healed } = report;
  return {
    checked_at: iso(checked_at),
    resources,
    accuracy: accuracyOf(report),
    value_at_stake: round2(value_at_stake),
    examples,
    healed,
  };
}

export function pushJson(push: Push): StoredPush {
  const { push_id, product_id, dutchie_product_id, state, attempts, reason, edited_by, error } = push;
  return {
    push_id,
    product_id,
    dutchie_product_id,
    state,
    fields: pushEntries(push.fields).map(([field, { value, base }]) => ({ field, value, base })),
    attempts,
    next_attempt_at: state === "waiting" ? isoOrNull(push.next_at) : null,
    error: error && { code: error.code, message: error.message, hint: error.hint },
    reason,
    edited_by,
    created_at: iso(push.created_at),
    updated_at: iso(push.updated_at),
    sent_at: isoOrNull(push.answered_at),
  };
}

export function alertJson(row: AlertRow): AlertJson {
  const { alert_id, location_id, rule, state, severity, message, started_at, resolved_at } = row;
  return {
    alert_id,
    location_id,
    rule,
    state,
    severity,
    message,
    started_at: iso(started_at),
    resolved_at: isoOrNull(resolved_at),
    acknowledged_at: isoOrNull(row.acknowledged_at),
    acknowledged_by: row.acknowledged_by,
    acknowledged_reason: row.acknowledged_reason,
  };
}
