import type { Settings } from "./model.ts";
import { isOver, type Run } from "./run.ts";

/** What the rules look at; times in ms. */
export interface AlertFacts {
  settings: Pick<Settings, "alerts" | "frequency">;
  /** The run under way. */
  run: Run | null;
  /** The last run that ended, other than by being cancelled. */
  last: {
    state: string;
    mode: string;
    error_rate: number;
    error: string | null;
    accuracy: number | null;
    healed: boolean;
  } | null;
  /** Durations of the store's recent runs of the mode under way, ms. */
  durations: readonly number[];
  last_success_at: number | null;
  /** Webhooks are on and were received before; changes that polls had to find since the last one. */
  webhooks: { last_at: number; missed_since: number } | null;
  now: number;
}

/** The rules that are judged here, all at once: one that is not firing any more has resolved itself. */
export const JUDGED_RULES = [
  "sync_failed",
  "long_duration",
  "high_error_rate",
  "stale",
  "webhooks_silent",
  "drift",
] as const;

export const ALERT_RULES = [
  ...JUDGED_RULES,
  "held_snapshot",
  "dead_letter",
  "push_parked",
  "clock_wrong",
  "stock_ended",
  "rows_without_id",
] as const;
/** What these tell has happened and cannot be undone by a later sync: only a person who has seen it ends them. */
export const ENDED_BY_SEEING = ["stock_ended"] as const satisfies readonly (typeof ALERT_RULES)[number][];
export type AlertRule = (typeof ALERT_RULES)[number];

export interface FiringAlert {
  rule: AlertRule;
  severity: "warning" | "critical";
  message: string;
}

const MINUTE_MS = 60_000;
/** How late a store may be by its frequency alone: two polls, or a night and two hours. */
const PATIENCE_MS: Record<Settings["frequency"], number> = {
  realtime: 0,
  every_15_minutes: 30 * MINUTE_MS,
  hourly: 120 * MINUTE_MS,
  daily: 26 * 60 * MINUTE_MS,
};
/** A run this much slower than the store's median is worth a look, once it has taken a minute and there is a habit to compare with. */
const SLOW_FACTOR = 3;
const MIN_RUNS = 5;
/** Missed changes that are no chance any more, and how long no webhook came. */
const MISSED_CHANGES = 5;
const SILENCE_MS = 60 * MINUTE_MS;

/** The alerts that should be firing now (the guide: sync failures, long duration, high error rates; and what follows from them). */
export function judgeAlerts(facts: AlertFacts): FiringAlert[] {
  return [failed(facts), slow(facts), erroneous(facts), stale(facts), silent(facts), drifted(facts)].filter(
    (alert) => alert !== null,
  );
}

function failed({ last, settings }: AlertFacts): FiringAlert | null {
  if (!settings.alerts.on_failure || last?.state !== "failed") return null;
  return {
    rule: "sync_failed",
    severity: "critical",
    message: `The last sync failed: ${last.error ?? "no reason was given"}`,
  };
}

/** While the run is going: afterwards nobody can do anything about it. */
function slow({ run, durations, settings, now }: AlertFacts): FiringAlert | null {
  if (run === null || isOver(run)) return null;
  const took = now - run.started_at;
  const limit = slowAfterMs(settings, durations);
  if (took <= limit) return null;
  const minutes = Math.round(took / MINUTE_MS);
  return {
    rule: "long_duration",
    severity: "warning",
    message: `The ${run.mode} sync has been running for ${minutes} minutes.`,
  };
}

/** When a run counts as long, ms: the store's setting, or well above what it is used to. */
export function slowAfterMs(settings: Pick<Settings, "alerts">, durations: readonly number[]): number {
  const absolute = settings.alerts.max_duration_seconds * 1000;
  const sorted = [...durations].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined || sorted.length < MIN_RUNS) return absolute;
  return Math.min(absolute, Math.max(MINUTE_MS, median * SLOW_FACTOR));
}

function erroneous({ last, settings }: AlertFacts): FiringAlert | null {
  if (last === null || last.state === "failed" || last.error_rate <= settings.alerts.max_error_rate) return null;
  const percent = (last.error_rate * 100).toFixed(1);
  return {
    rule: "high_error_rate",
    severity: "warning",
    message: `${percent} % of the last sync's records could not be read.`,
  };
}

function stale({ settings, last_success_at, now }: AlertFacts): FiringAlert | null {
  if (last_success_at === null) return null;
  const limit = Math.max(settings.alerts.max_staleness_minutes * MINUTE_MS, PATIENCE_MS[settings.frequency]);
  if (now - last_success_at <= limit) return null;
  const hours = ((now - last_success_at) / (60 * MINUTE_MS)).toFixed(1);
  return { rule: "stale", severity: "critical", message: `No sync has succeeded for ${hours} hours.` };
}

function silent({ webhooks, now }: AlertFacts): FiringAlert | null {
  if (webhooks === null || webhooks.missed_since < MISSED_CHANGES || now - webhooks.last_at < SILENCE_MS) return null;
  const minutes = Math.round((now - webhooks.last_at) / MINUTE_MS);
  const message = `Polling found ${webhooks.missed_since} changes, but no webhook has come for ${minutes} minutes. Check the webhook in Dutchie.`;
  return { rule: "webhooks_silent", severity: "warning", message };
}

function drifted({ last }: AlertFacts): FiringAlert | null {
  if (last?.accuracy == null || last.healed || last.accuracy === 1) return null;
  const percent = (Math.floor(last.accuracy * 10_000) / 100).toFixed(2);
  return {
    rule: "drift",
    severity: "warning",
    message: `The last verification found ${percent} % of the records equal to Dutchie.`,
  };
}
