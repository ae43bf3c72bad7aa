import { setTimeout as pause } from "node:timers/promises";
import { idIn, operatorApi } from "./support/operator-api.ts";
import { readOptions } from "./support/read-options.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run rebuild -- --url https://… --location loc_… (token in REUP_TOKEN, role admin): reads everything again and then
 * replays the store's webhooks, for records that were lost or restored from an old copy.
 */
const USAGE = "REUP_TOKEN=… npm run rebuild -- --url https://… --location loc_…";
const values = readOptions({ url: { type: "string" }, location: { type: "string" } }, USAGE);
const api = operatorApi(values.url, USAGE);
const base = `/v1/locations/${idIn("location", values.location, USAGE)}`;
tellRefusals();
interface Run {
  run_id: string;
  state: string;
  percent: number;
  phases: { resource: string; state: string }[];
  records_processed: number;
  error: { message: string; hint: string } | null;
}
let run = await api.call<Run>("POST", `${base}/rebuild`);
while (["queued", "running", "waiting"].includes(run.state)) {
  console.log(`${run.state} ${run.percent} %, ${run.records_processed} records`);
  await pause(2_000);
  run = await api.get<Run>(`${base}/syncs/${run.run_id}`);
}
console.log(`${run.state}, ${run.records_processed} records`);
// Webhooks wait until everything has been read: a later sync reads what this one could not, and the run's error says so.
const isWhole =
  run.state.startsWith("completed") &&
  run.phases.every(({ resource, state }) => resource === "verify" || resource === "rooms" || state !== "failed");
if (isWhole) console.log("ReUp now replays the webhooks of the last 30 days. The status shows how many are pending.");
if (run.error !== null) console.error(`${run.error.message}\n→ ${run.error.hint}`);
process.exit(isWhole ? 0 : 1);
