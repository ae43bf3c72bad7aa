import type { RunJson } from "../../contract/http/runs.ts";
import type { ClockReading } from "../../domain/clock.ts";
import type { Refresh } from "../../domain/events/refresh.ts";
import type { EndedMove, Move } from "../../domain/move.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { Undone } from "../../domain/reviews/review.ts";
import type { Cursors } from "../../domain/runs/cursors.ts";
import type { DataType } from "../../domain/runs/data-type.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { TypeStates } from "../../domain/runs/type-states.ts";
import type { AppliedSettings } from "../../domain/settings.ts";
import type { RecentEnding, SnapshotResource } from "../../domain/snapshots/absence.ts";
import type { Ending } from "../../domain/snapshots/absence-text.ts";
import type { MassChange, MassSubject } from "../../domain/snapshots/losses.ts";

/** The single values of a store's Location, by key. */
export interface Values {
  /** The run under way. */
  run: Run;
  /** The last run that ended. */
  last_run: RunJson;
  last_success_at: number;
  /** The state of each data type. */
  types: TypeStates;
  /** The last verification that came to its end. */
  verification: { accuracy: number; drift: number; checked_at: number; healed: number; correctable?: number };
  /** When the last webhook came, and how many changes polls found since. */
  webhooks: { last_at: number; missed: number };
  /** Quick steps until the store counts as slow no longer; absent: it is not slow. */
  pace: number;
  /** Reads asked for by events that say only that something changed. */
  refresh: Refresh;
  /** When our own code last failed on an event. */
  event_fault_at: number;
  /** When alerts must be evaluated next, because time alone may fire one. */
  evaluate_at: number;
  cursors: Cursors;
  /** T − S of the last complete snapshot. */
  floors: Record<SnapshotResource, number>;
  /** Dutchie's clock minus ours, ms, by the last read of each resource. */
  clocks: Partial<Record<Resource, ClockReading>>;
  held: Partial<Record<SnapshotResource, Held>>;
  kept: Partial<Record<SnapshotResource, Kept>>;
  /** When absences were last decided from a complete snapshot that was not held, on our clock. */
  decided_at: Partial<Record<SnapshotResource, number>>;
  /** Masses of stock that were ended since somebody last acknowledged it. */
  endings: Partial<Record<SnapshotResource, Ending[]>>;
  /** Masses of records that lost a value, whose alert still fires. */
  mass_changes: Partial<Record<MassSubject, MassChange>>;
  /** When records that lost a value are counted at the latest; absent while all are counted. */
  count_losses_at: number;
  /** When new sales are compared with the prices of their products at the latest; absent while all are. */
  check_sales_at: number;
  /** What snapshots of the last hour ended without a confirmation. */
  recent_endings: Partial<Record<SnapshotResource, RecentEnding[]>>;
  /** Rows without an id in the last complete snapshot; absent while there were none. */
  unidentified: Partial<Record<SnapshotResource, number>>;
  /** Data types that a rebuild still has to read; the ledger is played again when none is left. */
  rebuilding: DataType[];
  /** A rebuild has read everything: its ledger is to be played again. */
  replay_due: true;
  /** Words of Dutchie's that no rule maps into ReUp's. */
  unmapped: number;
  /** Records changed since they were counted. */
  words_due: true;
  /** Rooms changed; the stock in them does not have their types yet. */
  place_due: true;
  /** The settings that were last applied to the stored records. */
  applied_settings: AppliedSettings;
  /** When to apply changed settings to the stored records. */
  reapply_at: number;
  /** When to take over a change of the store's row that could not be taken over yet. */
  configure_at: number;
  /** When the queue was last asked to send pushes. */
  pushes_asked_at: number;
  /** The store is disconnected. When to try again to end what D1 shows of it, ms; null: all of that has ended. */
  disconnected: { again_at: number | null };
  /** The records on their way to another database, and the last move that ended. */
  move: Move;
  last_move: EndedMove;
  /** Requests of the last minute per rate class, and until when Dutchie asked us to wait. */
  budget: Record<string, { times: number[]; closed_until: number }>;
}

/** Values that have an entry for each resource of which there are snapshots. */
export type PerResource = "recent_endings" | "held" | "kept" | "decided_at" | "endings" | "unidentified";

/** A complete snapshot whose absences wait for a second one, or for a person (rule 3). */
interface Held {
  /** Of the first snapshot that was held. */
  held_at: number;
  /** T − S of the last one: what its absence is a statement about. */
  floor: number;
  /** Packages or products, and what they are worth. */
  rows: number;
  value: number;
  /** Who took back the decision to keep them. Absent: written before it was kept. */
  undone?: Undone | null;
}

/** Absent packages or products of which a person said that they are there. */
interface Kept {
  rows: number;
  by: string;
  at: number;
}
