import type { Bench } from "../bench.ts";
import type { Stage } from "../stage.ts";
import { openStore, type RunView, type Store } from "../store.ts";
import { until } from "../support/until.ts";

export interface BigStore {
  stage: Stage;
  store: Store;
  /** The database with its records. */
  db: string;
  /** How long the first sync took up to its verification, s, and how many records it brought. */
  seconds: number;
  records: number;
}

/** A store of 50,000 products, some 98,000 packages and 60,000 sales, after its first sync. */
export async function bigStore(bench: Bench): Promise<BigStore> {
  const stage = await bench.stage("big");
  const known = stage.kept.get("big") as BigStore | undefined;
  if (known !== undefined) return known;
  const store = await openStore(stage, { size: bench.size(50_000, 1_000) });
  const began = Date.now();
  const run_id = await store.start("initial");
  const read = await until(() => store.run(run_id), isRead, { within_s: 900, every_ms: 200 });
  const seconds = (Date.now() - began) / 1_000;
  const records = read.phases.reduce((sum, phase) => sum + (phase.resource === "verify" ? 0 : phase.processed), 0);
  await store.ended(run_id);
  await store.mustBeEqual();
  const big = { stage, store, db: await stage.shardOf(store.id), seconds, records };
  stage.kept.set("big", big);
  return big;
}

/** All was read and written; only the verification is left. */
const isRead = ({ phases, state }: RunView): boolean =>
  state === "failed" ||
  phases.every(
    ({ resource, state: phase }) => resource === "verify" || !["pending", "running", "waiting"].includes(phase),
  );
