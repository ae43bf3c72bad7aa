import type { Status } from "../../../../../src/client/index.ts";
import { count } from "../../../format.ts";
import { texts } from "../../../texts.ts";

const t = texts.overview;

/** A problem with rows: the last sync says which, and why. */
const OF_ROWS: readonly string[] = ["HIGH_ERROR_RATE", "ROWS_WITHOUT_ID"];
export const isOfRows = (code: string): boolean => OF_ROWS.includes(code);

/** What Dutchie's support asks for: the problem, and the rows by which they can find its cause. */
export function reportOf(store: string, { problem, last_run }: Pick<Status, "problem" | "last_run">): string {
  if (problem === null) return "";
  const said = t.report(store, problem.code, problem.message, problem.since);
  if (!isOfRows(problem.code) || last_run === null || last_run.failures.length === 0) return said;
  const { failures, failed } = last_run;
  const rows = failures.map(({ resource, dutchie_id, reason }) =>
    t.reportRow(texts.activity.data[resource] ?? resource, dutchie_id, reason),
  );
  return [said, t.reportRows(count(rows.length), failed > rows.length ? count(failed) : null), ...rows].join("\n");
}
