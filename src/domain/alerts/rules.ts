import { type ClockReading, clockText, isClockWrong } from "../clock.ts";
import type { Settings } from "../records/model.ts";
import { type DataType, failureText, namesOf, sentence } from "../runs/data-type.ts";
import { isOver, type Run } from "../runs/run.ts";
import { earliest, failingParts, type TypeState } from "../runs/type-states.ts";

/** What the rules are evaluated on; times in ms. */
export interface AlertFacts {
  settings: Pick<Settings, "alerts" | "frequency">;
  /** The run under way. */
  run: Run | null;
  /** The last run that ended, other than by being cancelled. */
  last: { state: string; mode: string; error_rate: number; error: string | null } | null;
  /** Durations of the store's recent runs in the mode of the run under way, ms. */
  durations: readonly number[];
  /** The data types that are on. */
  types: readonly ({ type: DataType } & Pick<TypeState, "since" | "last_success_at" | "error" | "rooms_error">)[];
  /**
   * The last verification that finished; `drift`: records that differ or could not be read, without those in flight;
   * `correctable`: those of them that another one would correct. Absent: an older build did not count them.
   */
  verification: { accuracy: number; drift: number; healed: number; correctable?: number } | null;
  /** null: webhooks are off, or none has come yet. `missed`: changes since the last webhook that could be used, which only polls found. */
  webhooks: { last_at: number; missed: number } | null;
  /** Dutchie's clock minus ours by the reading that is furthest off, ms. */
  clock: ClockReading;
  now: number;
}

/** The rules that are evaluated here, all at once: one that does not fire any more is resolved. */
export const EVALUATED_RULES = [
  "sync_failed",
  "long_duration",
  "high_error_rate",
  "stale",
  "webhooks_silent",
  "drift",
  "clock_wrong",
] as const;

export const ALERT_RULES = [
  ...EVALUATED_RULES,
  "held_snapshot",
  "dead_letter",
  "push_parked",
  "stock_ended",
  "mass_change",
  "rows_without_id",
  "receiver_failing",
] as const;
/** These report something that no later sync corrects by itself: they end when a person acknowledges them. */
export const ENDED_BY_ACKNOWLEDGING = [
  "stock_ended",
  "mass_change",
] as const satisfies readonly (typeof ALERT_RULES)[number][];
export type AlertRule = (typeof ALERT_RULES)[number];

/** These are about stock or prices that many products lost at once, or may lose: of alerts as severe they come first. */
export const isAboutShelf = (rule: string): boolean =>
  rule === "held_snapshot" || rule === "stock_ended" || rule === "mass_change";

export const STORE = "store";
type AlertSubject = typeof STORE | DataType;

export interface FiringAlert {
  rule: AlertRule;
  /** What it is about within the rule: the whole store, or a data type. */
  subject: AlertSubject;
  severity: "warning" | "critical";
  message: string;
}

const MINUTE_MS = 60_000;
/** How late a store may be because of its frequency: two polls, or a night and two hours. */
const PATIENCE_MS: Record<Settings["frequency"], number> = {
  realtime: 0,
  every_15_minutes: 30 * MINUTE_MS,
  hourly: 120 * MINUTE_MS,
  daily: 26 * 60 * MINUTE_MS,
};
/** A run is long when it takes this many times the store's median, at least a minute, and there are `MIN_RUNS` runs to compare with. */
const SLOW_FACTOR = 3;
const MIN_RUNS = 5;
/** So many missed changes are no accident, and so long without a webhook is silence. */
const MISSED_CHANGES = 5;
const SILENCE_MS = 60 * MINUTE_MS;

/** The alerts that should fire now (the guide: sync failures, long duration, high error rates; and what follows from them). */
export function evaluateAlerts(facts: AlertFacts): FiringAlert[] {
  const ofTheStore = [failed(facts), slow(facts), erroneous(facts), silent(facts), drifted(facts), clockIsWrong(facts)];
  return [
    ...ofTheStore.flatMap((alert) => (alert === null ? [] : [{ ...alert, subject: STORE } as const])),
    ...staleAlerts(facts),
  ];
}

type StoreAlert = Omit<FiringAlert, "subject">;

function failed({ last, types, settings }: AlertFacts): StoreAlert | null {
  if (!settings.alerts.on_failure) return null;
  const failing = types.flatMap((each) =>
    failingParts(each.type, each).map(({ type, error: { message, hint } }) => ({ type, message, hint })),
  );
  const fine = types.filter(({ error, last_success_at }) => error === null && last_success_at !== null);
  const words = failureText(
    failing,
    fine.map(({ type }) => type),
  );
  if (words !== null) {
    const isWhole = types.every(({ error }) => error !== null);
    const said = isWhole ? `The last sync failed: ${words}` : words;
    const [first] = failing;
    const message = first?.hint ? `${said} ${first.hint}` : said;
    return { rule: "sync_failed", severity: isWhole ? "critical" : "warning", message };
  }
  if (last?.state !== "failed") return null;
  const message = `The last sync failed: ${last.error ?? "no reason was given"}`;
  return { rule: "sync_failed", severity: "critical", message };
}

/** Only while the run is under way: afterwards nobody can do anything about it. */
function slow({ run, durations, settings, now }: AlertFacts): StoreAlert | null {
  if (run === null || isOver(run)) return null;
  const took = now - run.started_at;
  const limit = slowAfterMs(settings, durations);
  if (took <= limit) return null;
  const minutes = Math.round(took / MINUTE_MS);
  const reason = run.state === "waiting" && run.error !== null ? ` It waits: ${run.error.message}.` : "";
  return {
    rule: "long_duration",
    severity: "warning",
    message: `A sync has been running for ${minutes} ${minutes === 1 ? "minute" : "minutes"}.${reason}`,
  };
}

/** When a run counts as long, ms: by the store's setting, or when it takes far longer than the store's other runs. */
export function slowAfterMs(settings: Pick<Settings, "alerts">, durations: readonly number[]): number {
  const absolute = settings.alerts.max_duration_seconds * 1000;
  const sorted = [...durations].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined || sorted.length < MIN_RUNS) return absolute;
  return Math.min(absolute, Math.max(MINUTE_MS, median * SLOW_FACTOR));
}

function erroneous({ last, settings }: AlertFacts): StoreAlert | null {
  if (last === null || last.state === "failed" || last.error_rate <= settings.alerts.max_error_rate) return null;
  const percent = (last.error_rate * 100).toFixed(1);
  return {
    rule: "high_error_rate",
    severity: "warning",
    message: `${percent} % of the last sync's records could not be read, or contradict each other. The sync says under “What could not be read” which and why: report them to Dutchie's support.`,
  };
}

const STALE = "ReUp may show old values: use Dutchie's until a sync succeeds.";

/** Where to look: a sync that waits for hours is not the last one. */
const reasonOf = ({ run, types }: StaleFacts): string => {
  if (run?.error != null) return `The sync under way says: ${run.error.message}.`;
  return types.some(({ error }) => error !== null) ? "The last sync says what went wrong." : "Start a sync.";
};

interface StaleFacts extends Pick<AlertFacts, "types" | "settings" | "now"> {
  /** The run under way. */
  run: { error: { message: string } | null } | null;
}

/** By the clock alone. A store that has never synced counts from its connection. */
export function staleAlerts(facts: StaleFacts): FiringAlert[] {
  const { types, settings, now } = facts;
  const advice = `${STALE} ${reasonOf(facts)}`;
  const old = types.filter((type) => now > staleAt(type, settings));
  // One alert for the store when no type is read at all.
  if (old.length > 1 && old.length === types.length) {
    const since = Math.max(...old.map(sinceWhen));
    return [
      {
        rule: "stale",
        subject: STORE,
        severity: "critical",
        message: `No sync has succeeded for ${age(now - since)}. ${advice}`,
      },
    ];
  }
  return old.map((each) => ({
    rule: "stale",
    subject: each.type,
    severity: "critical",
    message: `${sentence(namesOf([each.type]))} have not been read for ${age(now - sinceWhen(each))}. ${advice}`,
  }));
}

const sinceWhen = ({ since, last_success_at }: Pick<TypeState, "since" | "last_success_at">) =>
  last_success_at ?? since;

/** When the data type counts as stale, ms. */
export const staleAt = (
  state: Pick<TypeState, "since" | "last_success_at">,
  { alerts, frequency }: AlertFacts["settings"],
) => sinceWhen(state) + Math.max(alerts.max_staleness_minutes * MINUTE_MS, PATIENCE_MS[frequency]);

/** "1 minute", "45 minutes", "1.5 hours": never "0.0 hours". */
function age(ms: number): string {
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes < 60) return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  return `${(ms / (60 * MINUTE_MS)).toFixed(1)} hours`;
}

function silent({ webhooks, now }: AlertFacts): StoreAlert | null {
  if (webhooks === null || webhooks.missed < MISSED_CHANGES || now - webhooks.last_at < SILENCE_MS) return null;
  const minutes = Math.round((now - webhooks.last_at) / MINUTE_MS);
  const message = `Syncs found ${webhooks.missed} changes for which no webhook came, and no webhook that ReUp can use has come for ${minutes} minutes. Check the webhook in Dutchie. If webhooks come, the list of webhooks says why they do not count.`;
  return { rule: "webhooks_silent", severity: "warning", message };
}

/** Only a verification compares records, so no other run begins or ends this alert. */
function drifted({ verification }: AlertFacts): StoreAlert | null {
  if (verification === null || verification.drift <= verification.healed) return null;
  const percent = (Math.floor(verification.accuracy * 10_000) / 100).toFixed(2);
  const { drift, healed, correctable = drift - healed } = verification;
  const rest =
    healed === 0 ? "" : ` Of ${drift} that differed, ${healed} were corrected; the run's report lists the others.`;
  const unreadable = drift - healed - correctable;
  const act = correctable > 0 ? " Correct the differences on the store's page: no other sync ends this alert." : "";
  const [rows, them] = unreadable === 1 ? ["1 row", "it"] : [`${unreadable} rows`, "them"];
  const advice =
    unreadable <= 0
      ? ""
      : ` ${rows} of Dutchie's could not be read, so ReUp keeps what it had, and no sync can correct that. The run's report says why: ` +
        `correct ${them} in Dutchie and compare again, or report ${them} to Dutchie's support.`;
  return {
    rule: "drift",
    severity: "warning",
    message: `The last comparison found ${percent} % of the records equal to Dutchie.${rest}${act}${advice}`,
  };
}

function clockIsWrong({ clock }: AlertFacts): StoreAlert | null {
  if (!isClockWrong(clock)) return null;
  return {
    rule: "clock_wrong",
    severity: "warning",
    message:
      `Dutchie's clock is ${clockText(clock)}. ReUp uses its own clock meanwhile. Webhooks may look too old, and their ` +
      "changes then come with the next poll. Have the clock of the Dutchie endpoint, or of a proxy in front of it, corrected.",
  };
}

/** When an alert may begin to fire by the clock alone, ms; null: none can. */
export function nextEvaluationAt(
  facts: Pick<AlertFacts, "run" | "settings" | "durations" | "types" | "webhooks" | "now">,
): number | null {
  const { run, settings, durations, types, webhooks, now } = facts;
  const times = types.map((type) => staleAt(type, settings) + 1);
  if (run !== null && !isOver(run)) times.push(run.started_at + slowAfterMs(settings, durations) + 1);
  if (webhooks !== null && webhooks.missed >= MISSED_CHANGES) times.push(webhooks.last_at + SILENCE_MS);
  return earliest(times.filter((at) => at > now));
}
