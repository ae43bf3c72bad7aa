import { MAX_LOGGED_ID, MAX_POINT_INDEX } from "../domain/bounds.ts";
import { log } from "./log.ts";

/**
 * Figures for operators, in Analytics Engine: one point for each run, and one for each batch of webhooks that a store got.
 * `docs/operations.md` says what is in which column, and has the queries. Columns have numbers, not names, and old points
 * stay for three months: append, and change none.
 */

/** What a point says. A word that is absent is empty there, and a figure 0. */
export interface Point {
  kind: "run" | "events";
  location_id: string;
  /** A run's mode. */
  mode?: string;
  outcome: string;
  code?: string | undefined;
  ms: number;
  records: number;
  failed?: number;
  /** Records that were created, changed or ended; events that were applied. */
  written?: number;
  /** Events that are delivered again. */
  retried?: number;
  /** From the receipt of an event until ReUp shows it. */
  delay_p50_ms?: number | null;
  delay_p95_ms?: number | null;
}

/** A point as Analytics Engine takes it. */
export interface Columns {
  indexes: string[];
  blobs: string[];
  doubles: number[];
}

/** The bindings that this needs, as they are in `Env`. */
interface Bindings {
  /** Not bound: no point is written. */
  POINTS?: { writeDataPoint(columns: Columns): void };
  VERSION_METADATA: { id: string; tag: string };
}

/** Writes the point. Never throws: a figure that is missing must not fail what it is about. */
export function writePoint(env: Bindings, point: Point): void {
  if (env.POINTS === undefined) return;
  const { tag, id } = env.VERSION_METADATA;
  const words = [point.kind, point.mode, point.outcome, point.code, tag || id];
  const { ms, records, failed, written, retried, delay_p50_ms, delay_p95_ms } = point;
  const figures = [ms, records, failed, written, retried, delay_p50_ms, delay_p95_ms];
  try {
    env.POINTS.writeDataPoint({
      indexes: [point.location_id.slice(0, MAX_POINT_INDEX)],
      blobs: words.map((word) => (word ?? "").slice(0, MAX_LOGGED_ID)),
      doubles: figures.map((figure) => figure ?? 0),
    });
  } catch (error) {
    log("point_not_written", { location_id: point.location_id, kind: point.kind, cause: error });
  }
}
