import type { Run, Status } from "../../../../src/client/index.ts";

/**
 * The list of syncs as the live status has it: the list is as old as its last request, and what stands above it and in it
 * must not disagree. A sync that the list lacks is its first.
 */
export function withLive(
  runs: readonly Run[],
  { current_run, last_run }: Pick<Status, "current_run" | "last_run">,
): Run[] {
  const live = [current_run, last_run].filter((run) => run !== null);
  const missing = live.filter((run) =>
    runs.every(({ run_id, started_at }) => run_id !== run.run_id && started_at < run.started_at),
  );
  return [
    ...missing,
    ...runs.map((run) =>
      newer(
        run,
        live.find(({ run_id }) => run_id === run.run_id),
      ),
    ),
  ];
}

/** A sync that has ended does not begin again. */
const newer = (listed: Run, live: Run | undefined): Run =>
  live === undefined || listed.finished_at !== null ? listed : live;
