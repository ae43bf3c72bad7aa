import { afterEach, describe, expect, it } from "vitest";
import { Build } from "./builds.ts";
import { Stage, type Store, until } from "./support.ts";

const builds: Build[] = [];
let stage: Stage | null = null;
afterEach(async () => {
  await stage?.close();
  stage = null;
  for (const build of builds.splice(0)) build.remove();
});

/** A: the build before, with the messages of the version before. B: the one in the repository. */
function twoBuilds() {
  const [a, b] = [Build.before("0.0.1"), Build.now("0.0.2")];
  builds.push(a, b);
  return { a, b };
}

/** Local queues forget their messages when the runtime ends: they count as lost soon, not in an hour. */
const VARS = { WATCHDOG_MS: "3000", QUEUED_MS: "3000" };

const versionOf = async ({ api }: Stage) => (await api.get<{ version: string }>("/readyz")).version;

/** An import that is caught in the middle: some products are there, the sales are not. */
async function halfImported(on: Stage): Promise<{ store: Store; run_id: string }> {
  const store = await on.connect({ size: 300, salesDays: 30, seed: 77 });
  store.dutchie.setFaults([{ kind: "slow", path: "/reporting/transactions", ms: 700 }]);
  const { run_id } = await store.start("initial");
  await until(
    () => store.run(run_id),
    ({ phases }) => phases.some(({ resource, state }) => resource === "sales" && state === "running"),
  );
  return { store, run_id };
}

async function expectWhole(store: Store, run_id: string): Promise<void> {
  store.dutchie.clearFaults();
  expect(await store.ended(run_id)).toMatchObject({ state: "completed", failed: 0, error: null });
  expect(await store.differences()).toEqual([]);
  const again = await store.sync("full");
  expect(again).toMatchObject({ state: "completed", created: 0, updated: 0, deleted: 0 });
  expect(await store.get("/status")).toMatchObject({ queue: { pending_events: 0, dead_letters: 0 } });
}

describe("a deployment in the middle of an import", () => {
  it.each([
    ["A ends in the middle", "forwards"],
    ["a rollback: B began, and A goes on", "backwards"],
  ] as const)(
    "an import that build A began goes on with build B, and ends equal to Dutchie: %s",
    async (_, direction) => {
      const { a, b } = twoBuilds();
      const [first, second] = direction === "forwards" ? [a, b] : [b, a];
      stage = await Stage.open(VARS, first.config);
      const before = await versionOf(stage);
      const { store, run_id } = await halfImported(stage);
      await stage.crashAndRestart(second.config);
      expect([before, await versionOf(stage)].sort()).toEqual(["0.0.1", "0.0.2"]);
      await expectWhole(store, run_id);
    },
  );

  it("an import goes on when the runtime takes up build B while a step is being read, and webhooks apply on both", async () => {
    const { a, b } = twoBuilds();
    const on = await Stage.open(VARS, a.config);
    stage = on;
    const { store, run_id } = await halfImported(on);
    store.sendWebhooks();
    store.dutchie.act({ count: 5 });
    const applied = async () =>
      (await store.get<{ last_24h: { webhooks: { applied: number } } }>("/status")).last_24h.webhooks.applied;
    const onA = await until(applied, (count) => count > 0);
    a.become(b);
    await until(
      () => versionOf(on).catch(() => "reloading"),
      (version) => version === "0.0.2",
    );
    store.dutchie.act({ count: 5 });
    await store.dutchie.webhooks.idle();
    await until(applied, (count) => count > onA);
    store.dutchie.clearFaults();
    expect(await store.ended(run_id)).toMatchObject({ state: "completed", failed: 0 });
    await store.sync("full");
    expect(await store.differences()).toEqual([]);
  });
});
