import { addDrift, type DriftExample, type Verification } from "../domain/drift.ts";
import type { Resource, RowFailure } from "../domain/model.ts";
import type { Change } from "../domain/records.ts";
import { asOf } from "../domain/version.ts";
import type { Applied } from "./apply.ts";

/**
 * A plan read as a drift report. A difference that Dutchie made within S of the read is in flight: its own answers are
 * that old at times, so it is shown as an example and not counted against ReUp.
 */
export function addToReport(
  report: Verification,
  resource: Resource,
  applied: Applied,
  failures: readonly RowFailure[],
  healed: boolean,
  read_started_at: number,
  edited: ReadonlySet<string>,
): Verification {
  const isInFlight = (change: Change) =>
    change.resource === resource && change.source_at > asOf(resource, read_started_at);
  const inFlight = applied.changes.filter(isInFlight);
  const created = inFlight.filter((change) => isCreation(change)).length;
  const counts = {
    ...applied.counts,
    created: applied.counts.created - created,
    updated: applied.counts.updated - (inFlight.length - created),
    unchanged: applied.counts.unchanged + inFlight.length,
  };
  const drifted = applied.changes.filter((change) => change.resource === resource && !isInFlight(change));
  return addDrift(report, {
    resource,
    counts,
    failed: failures.length,
    examples: [
      ...failures.map((failure) => rejected(resource, failure)),
      ...applied.changes
        .filter((change) => change.resource === resource)
        .flatMap((change) => examplesOf(change, applied, isInFlight(change), edited)),
    ],
    value_at_stake: drifted.reduce((sum, change) => sum + stakeOf(change, applied), 0),
    healed: healed ? drifted.length : 0,
  });
}

const isCreation = (change: Change) => Object.values(change.fields).every(([before]) => before === null);

function examplesOf(change: Change, applied: Applied, inFlight: boolean, edited: ReadonlySet<string>): DriftExample[] {
  const dutchie_id = applied.about.get(change.record_id)?.dutchie_id ?? change.record_id;
  return Object.entries(change.fields).map(([field, [reup_value, dutchie_value]]) => ({
    resource: change.resource,
    dutchie_id,
    field,
    dutchie_value,
    reup_value,
    likely_cause: inFlight
      ? "in flight"
      : edited.has(`${change.record_id} ${field}`)
        ? "local edit"
        : applied.counts.deleted > 0
          ? "no longer in Dutchie"
          : "missed webhook",
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
function stakeOf(change: Change, applied: Applied): number {
  const quantity = change.fields.quantity;
  if (quantity === undefined) return 0;
  const [before, after] = quantity.map((value) => (typeof value === "number" ? value : 0)) as [number, number];
  return Math.abs(after - before) * (applied.about.get(change.record_id)?.unit_price ?? 0);
}
