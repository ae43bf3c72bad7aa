import cliProgress from "cli-progress";

/** A run as far as its progress is shown. */
export interface Run {
  run_id: string;
  state: string;
  percent: number;
  eta_seconds: number | null;
  waiting_until: string | null;
  records_processed: number;
  duration_ms: number | null;
  failed: number;
  error: { code: string; message: string; hint: string } | null;
  phases: { resource: string; state: string; processed: number }[];
  verification: { accuracy: number } | null;
}

export const isOver = ({ state }: Pick<Run, "state">): boolean => !["queued", "running", "waiting"].includes(state);

/** A bar that ends with `{what}`, and a line every few seconds where there is no terminal. */
export function progressBar(): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    format: "{bar} {percentage}% │ {what}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 30,
    hideCursor: true,
    // Without a terminal (CI, a pipe): a line every few seconds.
    noTTYOutput: true,
    notTTYSchedule: 5_000,
  });
}
