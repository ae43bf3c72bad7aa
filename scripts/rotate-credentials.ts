import { operatorApi } from "./support/operator-api.ts";
import { readOptions } from "./support/read-options.ts";
import { tellRefusals } from "./support/tell-refusals.ts";

/**
 * npm run rotate-credentials -- --url https://… (an admin's token in REUP_TOKEN): seals the retailer's stored credentials
 * and webhook secrets with the first key of CREDENTIAL_KEYS. Exit code 0: none is sealed with another key any more.
 */
const USAGE = "REUP_TOKEN=… npm run rotate-credentials -- --url https://…";
const api = operatorApi(readOptions({ url: { type: "string" } }, USAGE).url, USAGE);
tellRefusals();
interface Step {
  resealed: number;
  remaining: number;
  unopened: string[];
  next_cursor: string | null;
}
const unopened: string[] = [];
let cursor: string | null = null;
let step: Step;
do {
  const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  step = await api.call<Step>("POST", `/v1/credentials/reseal${query}`);
  console.log(`${step.resealed} sealed again, ${step.remaining} remaining`);
  unopened.push(...step.unopened);
  cursor = step.next_cursor;
} while (cursor !== null);
if (unopened.length > 0) {
  console.error(
    `No key of CREDENTIAL_KEYS opens these. Put the old key back, or enter their credentials again: ${unopened.join(", ")}`,
  );
}
process.exit(step.remaining === 0 ? 0 : 1);
