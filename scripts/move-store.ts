import { setTimeout as pause } from "node:timers/promises";
import { idIn, operatorApi } from "./support/operator-api.ts";
import { readOptions } from "./support/read-options.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run move-store -- --url https://… --location loc_… --to 01 (token in REUP_TOKEN, role admin): moves a store's records to
 * another database while the store works. It may be stopped at any time: the move goes on. Without --to it shows the progress.
 */
const USAGE = "REUP_TOKEN=… npm run move-store -- --url https://… --location loc_… [--to 01]";
const values = readOptions({ url: { type: "string" }, location: { type: "string" }, to: { type: "string" } }, USAGE);
const api = operatorApi(values.url, USAGE);
const path = `/v1/locations/${idIn("location", values.location, USAGE)}/move`;
tellRefusals();
interface Move {
  from: string;
  to: string;
  state: string;
  /** null: it is not decided yet. */
  switched: boolean | null;
  rows_copied: number;
  error: string | null;
}
let move = values.to === undefined ? await api.get<Move>(path) : await api.call<Move>("POST", path, { to: values.to });
while (move.switched === null) {
  const error = move.error === null ? "" : ` (${move.error})`;
  console.log(`${move.from} → ${move.to}: ${move.state}, ${move.rows_copied} rows${error}`);
  await pause(2_000);
  move = await api.get<Move>(path);
}
if (!move.switched) {
  console.error(`The move was given up: ${move.error}. The store's records are where they were, on ${move.from}.`);
  process.exit(1);
}
const rest = move.state === "done" ? "are deleted" : "are deleted a quarter of an hour after the switch";
console.log(`The records are on ${move.to}. The rows on ${move.from} ${rest}.`);
if (move.error !== null) console.log(`Deleting them failed and is tried again: ${move.error}`);
