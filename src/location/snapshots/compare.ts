import type { Change } from "../../domain/records/change.ts";
import {
  addDrift,
  type Compared,
  countDrift,
  type Difference,
  type DriftExample,
  isInFlight,
  type Verification,
} from "../../domain/records/drift.ts";
import type { Resource, RowFailure } from "../../domain/records/model.ts";
import { shorten } from "../../domain/values/shorten.ts";
import type { Applied } from "../records/applied.ts";

/** Adds a plan to the drift report. A change in flight is shown as an example, and not counted as drift. */
export function addToReport(
  report: Verification,
  given: {
    resource: Resource;
    applied: Applied;
    failures: readonly RowFailure[];
    /** How many of them ReUp has a record of. */
    known: number;
    /** What was found is written, too. */
    healed: boolean;
    compared: Compared;
    /** Fields that ReUp changed, as `<record id> <field>`. */
    edited: ReadonlySet<string>;
  },
): Verification {
  const { resource, applied, failures, known, healed, compared, edited } = given;
  // Absences come at the end of a read, apart from its rows.
  const areAbsences = applied.counts.deleted > 0;
  const differences = areAbsences ? applied.changes.map(absenceOf) : applied.differences;
  const drifted = new Set(differences.filter((each) => !isInFlight(each, compared)));
  const causeOf = (difference: Difference, field: string) => {
    if (!drifted.has(difference)) return "in flight";
    if (edited.has(`${difference.record_id} ${field}`)) return "local edit";
    return areAbsences ? "no longer in Dutchie" : "missed webhook";
  };
  return addDrift(report, {
    resource,
    counts: countDrift(applied.counts, { rows: failures.length, known }, areAbsences ? [] : differences, compared),
    examples: [
      ...failures.map((failure) => rejected(resource, failure)),
      ...differences.flatMap((each) => examplesOf(each, applied, causeOf)),
    ],
    value_at_stake: [...drifted].reduce((sum, each) => sum + stakeOf(each, applied), 0),
    healed: healed ? [...drifted].filter(({ applies }) => applies).length : 0,
  });
}

/** A record that a complete read does not list; when it went is not known. */
const absenceOf = ({ resource, record_id, fields }: Change): Difference => ({
  resource,
  record_id,
  fields,
  stamped_at: null,
  known_at: null,
  is_missing: false,
  applies: true,
});

function examplesOf(
  difference: Difference,
  applied: Applied,
  causeOf: (difference: Difference, field: string) => DriftExample["likely_cause"],
): DriftExample[] {
  const dutchie_id = applied.about.get(difference.record_id)?.dutchie_id ?? difference.record_id;
  return Object.entries(difference.fields).map(([field, [reup_value, dutchie_value]]) => ({
    resource: difference.resource,
    dutchie_id,
    field,
    dutchie_value: shorten(dutchie_value),
    reup_value: shorten(reup_value),
    likely_cause: causeOf(difference, field),
  }));
}

const rejected = (resource: Resource, failure: RowFailure): DriftExample => ({
  resource,
  dutchie_id: failure.dutchie_id ?? "unknown",
  field: failure.reason,
  dutchie_value: null,
  reup_value: null,
  likely_cause: "rejected row",
});

/** What the difference in quantity is worth at the row's price. */
function stakeOf({ record_id, fields }: Difference, applied: Applied): number {
  const quantity = fields.quantity;
  if (quantity === undefined) return 0;
  const [before, after] = quantity.map((value) => (typeof value === "number" ? value : 0)) as [number, number];
  return Math.abs(after - before) * (applied.about.get(record_id)?.unit_price ?? 0);
}
