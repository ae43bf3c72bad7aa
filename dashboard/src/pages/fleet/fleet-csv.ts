import { toCsv } from "../../csv.ts";
import type { FleetStore } from "../../data/fleet.ts";
import { forPeople } from "../../format.ts";
import { saveFile } from "../../save-file.ts";
import { texts } from "../../texts.ts";

const HEAD = [
  "location_id",
  "name",
  "health",
  "activity",
  "problem",
  "since",
  "data_age_seconds",
  "accuracy",
  "decisions",
  "alerts",
];

/** The stores as they are shown, as a file. */
export function downloadFleet(stores: readonly FleetStore[]): void {
  const rows = stores.map((store) => [
    store.location_id,
    store.name,
    texts.health[store.health],
    store.activity,
    store.problem && forPeople(store.problem.message),
    store.problem?.since ?? null,
    store.data_age_seconds,
    store.accuracy?.value ?? null,
    store.open_reviews,
    store.active_alerts,
  ]);
  saveFile("stores.csv", new Blob([toCsv(HEAD, rows)], { type: "text/csv" }));
}
