import type { RowsOf } from "../../contract/location.ts";
import type { Change, Origin } from "../../domain/records/change.ts";
import type { Outcome } from "../../domain/records/decide.ts";
import type { Difference } from "../../domain/records/drift.ts";
import type { RowFailure } from "../../domain/records/model.ts";
import { type About, type Counts, NO_COUNTS } from "../../domain/records/records.ts";
import type { Read } from "../../domain/records/version.ts";
import type { StoreContext } from "../context.ts";

/** How rows were read, for whom, and whether they are written: `write: false` plans only (a verification that does not heal). */
export interface Reading {
  read: Read;
  origin: Origin;
  write: boolean;
  /** A verification: how the rows differ from what is stored is wanted. */
  compares?: boolean;
}

export type Incoming<R extends RowsOf["resource"]> = Extract<RowsOf, { resource: R }>["rows"];

export interface Applied {
  counts: Counts;
  failures: RowFailure[];
  changes: Change[];
  /** Where the rows differ from what was stored, whether they were applied or not. */
  differences: Difference[];
  /** Ids of the records in the rows; a complete snapshot makes the others absent. */
  seen: string[];
  /** Those of them that are not live, now that the rows are applied: sold out, deleted, or not stored. */
  dead: string[];
  outcomes: (Outcome | null)[];
  /** The records in the rows, by record id. */
  about: ReadonlyMap<string, About>;
}

export const NOTHING_APPLIED: Applied = {
  counts: NO_COUNTS,
  failures: [],
  changes: [],
  differences: [],
  seen: [],
  dead: [],
  outcomes: [],
  about: new Map(),
};

/** What every plan needs. */
export const planBasis = ({ location, now }: StoreContext, { read, origin, compares = false }: Reading) => ({
  location_id: location.location_id,
  read,
  origin,
  now,
  compares,
});

export function aboutRows(
  rows: readonly [record_id: string, dutchie_id: string, unit_price: number][],
): Map<string, About> {
  return new Map(rows.map(([record_id, dutchie_id, unit_price]) => [record_id, { dutchie_id, unit_price }]));
}
