import { afterAll, beforeAll, expect, it } from "vitest";
import { sharesOf } from "../../scripts/rehearse/account/account.ts";
import {
  ADD_SHARD,
  DEPLOY,
  HOST,
  NOT_WORKING,
  PROVISION,
  Rehearsal,
  ROLLBACK,
  rolledOut,
  WITHOUT_SHARD,
} from "../../scripts/rehearse/rehearsal.ts";

// An operator's way from an empty account to a served product and back, in order: the real commands with the real wrangler, and
// what they upload in the local runtime. The account and the store's Dutchie are doubles.

/** Each command of wrangler takes a second or two, and a deployment is a dozen of them. */
const STORY_MS = 600_000;

let rehearsal: Rehearsal;
beforeAll(async () => {
  rehearsal = await Rehearsal.open({ quick: true });
});
afterAll(() => rehearsal?.close());

const worker = () => rehearsal.cloudflare.account.worker("reup-dutchie-staging");
/** The tags of the versions that share the traffic, with their percentages. */
const shares = () => sharesOf(worker()).map(({ version, percentage }) => [version.number, percentage]);

it("a right that the token lacks, and a failure in between, are told; the next provisioning goes on", {
  timeout: STORY_MS,
}, async () => {
  const { account } = rehearsal.cloudflare;
  account.fail(/GET .*\/d1\/database$/, 403, 10000, "Authentication error");
  const refused = await rehearsal.run(PROVISION);
  expect([refused.ok, refused.output]).toEqual([false, expect.stringContaining("Authentication error")]);
  account.fail(/POST .*\/queues$/, 500, 10001, "Something went wrong");
  const broken = await rehearsal.run(PROVISION);
  expect([broken.ok, broken.output]).toEqual([false, expect.stringContaining("Something went wrong")]);
  expect([account.databases.size, account.queues.size]).toEqual([3, 0]);
  const { ok, output } = await rehearsal.run(PROVISION);
  expect([ok, output]).toEqual([true, expect.not.stringContaining("database")]);
  expect([account.databases.size, account.queues.size]).toEqual([3, 8]);
  await rehearsal.commit("Provision staging");
});

it("the first deployment serves the product at its address, and provisioning again finds nothing missing", {
  timeout: STORY_MS,
}, async () => {
  const { ok, output } = await rehearsal.run(DEPLOY);
  expect([ok, output]).toEqual([true, expect.stringContaining("The smoke test passes.")]);
  expect(await rehearsal.api("/healthz")).toMatchObject({ status: "ok" });
  const { account } = rehearsal.cloudflare;
  expect([account.hosts.get(HOST), worker().schedules.length]).toEqual([worker().name, 3]);
  expect([...account.queues.values()].every(({ consumers }) => consumers.length === 1)).toBe(true);
  expect((await rehearsal.run(PROVISION)).output).toContain("Nothing is missing.");
  const back = await rehearsal.run(ROLLBACK);
  expect([back.ok, back.output]).toEqual([false, expect.stringContaining("There is no version to go back to")]);
});

it("another database has all traffic at once, and there is no way back to a version that lacks it", {
  timeout: STORY_MS,
}, async () => {
  expect((await rehearsal.run(ADD_SHARD)).ok).toBe(true);
  await rehearsal.commit("Add a database of records");
  expect((await rehearsal.run(DEPLOY)).ok).toBe(true);
  expect(sharesOf(worker())[0]?.version.bindings.map(({ name }) => name)).toContain("RECORDS_02");
  const before = shares();
  const back = await rehearsal.run(ROLLBACK);
  expect([back.ok, back.output]).toEqual([false, expect.stringContaining(WITHOUT_SHARD)]);
  expect(shares()).toEqual(before);
});

it("the next version gets a tenth of the traffic, after a webhook of the canary, and then all of it", {
  timeout: STORY_MS,
}, async () => {
  const location = await rehearsal.connectCanary();
  const tenth = await rehearsal.run([...DEPLOY, "--percent", "10"]);
  expect([tenth.ok, tenth.output]).toEqual([true, expect.stringContaining("has 10 % of the traffic.")]);
  expect(shares().map(([, percentage]) => percentage)).toEqual([90, 10]);
  await expect
    .poll(() => rehearsal.api<{ data: { type: string }[] }>(`/v1/locations/${location}/events`))
    .toMatchObject({ data: expect.arrayContaining([expect.objectContaining({ type: "canary.deployed" })]) });
  expect((await rehearsal.run([...DEPLOY, "--version", rolledOut(tenth.output)])).ok).toBe(true);
  expect(shares().map(([, percentage]) => percentage)).toEqual([100]);
});

it("a version that does not work gets no traffic, and the one before is a command away", {
  timeout: STORY_MS,
}, async () => {
  const [[second] = []] = shares();
  await rehearsal.spoil();
  const bad = await rehearsal.run(DEPLOY);
  expect([bad.ok, bad.output]).toEqual([false, expect.stringContaining(NOT_WORKING)]);
  expect(shares()).toEqual([[second, 100]]);
  expect((await rehearsal.run(ROLLBACK)).ok).toBe(true);
  expect(shares()).toEqual([[Number(second) - 1, 100]]);
  expect(await rehearsal.api("/healthz")).toMatchObject({ status: "ok" });
  expect(rehearsal.cloudflare.account.unknown).toEqual([]);
});
