import { expect, it } from "vitest";
import { rollback } from "../../../../scripts/support/shipping/rollback.ts";
import { run } from "../../../../scripts/support/shipping/run.ts";
import { type Answers, fakeCommands } from "./fake-commands.ts";
import { BOUND, SECRETS_ONLY, versionView } from "./staging.ts";

const NEW = "0a1b2c3d-0000-4000-8000-000000000002";
const OLD = "0a1b2c3d-0000-4000-8000-000000000001";
const OTHER = "0a1b2c3d-0000-4000-8000-000000000005";
/** Deployments of versions with their shares, oldest first. */
const deployed = (...list: [string, number][][]) =>
  JSON.stringify(
    list.map((shares, minute) => ({
      created_on: `2026-11-26T10:0${minute}:00.000Z`,
      versions: shares.map(([version_id, percentage]) => ({ version_id, percentage })),
    })),
  );

function tried(answers: Answers, given: { version?: string; dry?: boolean } = {}) {
  const commands = fakeCommands([
    ...answers,
    ["wrangler deployments list *", deployed([[OLD, 100]], [[NEW, 100]])],
    ["wrangler versions view *", versionView(BOUND)],
    ["wrangler versions deploy *", "SUCCESS"],
  ]);
  const said: string[] = [];
  let failure: string | null = null;
  try {
    rollback({ env: "staging", version: null, dry: false, ...given }, run, (line) => void said.push(line));
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  return { failure, said, changes: commands().filter((line) => line.startsWith("wrangler versions deploy")) };
}

it("the version before gets all traffic, and its triggers are named", () => {
  const { failure, said, changes } = tried([]);
  expect(failure).toBeNull();
  expect(changes).toEqual([`wrangler versions deploy ${OLD}@100% --env staging --yes`]);
  expect(said[0]).toBe(`Version ${OLD} has all traffic.`);
});

it("a dry run changes nothing", () => {
  expect(tried([], { dry: true })).toEqual({
    failure: null,
    said: [`Would give version ${OLD} all traffic.`],
    changes: [],
  });
});

it.each([undefined, OLD])("what only held the secrets before the first deployment gets no traffic: %s", (version) => {
  const { failure, changes } = tried(
    [["wrangler versions view *", versionView(SECRETS_ONLY)]],
    version === undefined ? {} : { version },
  );
  expect(failure).toMatch(/^There is no version to go back to: .* only held the secrets/);
  expect(changes).toEqual([]);
});

it.each([
  ["other secrets", "The following secrets have changed: CREDENTIAL_KEYS [code: 10220]", true],
  ["anything else", "Authentication error [code: 10000]", false],
])("a refusal because of %s is told, with what to do", (_, output, isSecrets) => {
  const { failure } = tried([["wrangler versions deploy *", output, 1]]);
  expect(failure).toContain(output);
  expect(failure?.includes("Check out its commit and deploy that: it gets today's secrets.")).toBe(isSecrets);
});

const AFTER_SECRET = "0a1b2c3d-0000-4000-8000-000000000003";
const AFTER_ANOTHER = "0a1b2c3d-0000-4000-8000-000000000004";
const bySecret = (version: string): Answers[number] => [
  `wrangler versions view ${version} *`,
  versionView(BOUND, "secret"),
];

it.each<[string, string[], string[]]>([
  ["a secret was changed since", [OLD, NEW, AFTER_SECRET], [AFTER_SECRET]],
  ["two secrets were changed since", [OLD, NEW, AFTER_SECRET, AFTER_ANOTHER], [AFTER_SECRET, AFTER_ANOTHER]],
  ["a secret was changed after another rollback", [OLD, NEW, OTHER, NEW, AFTER_SECRET], [AFTER_SECRET]],
])("the version before has other code: %s", (_, versions, made) => {
  const list = deployed(...versions.map((version): [string, number][] => [[version, 100]]));
  const { changes } = tried([["wrangler deployments list *", list], ...made.map(bySecret)]);
  expect(changes).toEqual([`wrangler versions deploy ${OLD}@100% --env staging --yes`]);
});

it("a version that a changed secret made is the one before, with the secrets of today", () => {
  const list = deployed([[OLD, 100]], [[AFTER_SECRET, 100]], [[NEW, 100]]);
  const { changes } = tried([["wrangler deployments list *", list], bySecret(AFTER_SECRET)]);
  expect(changes).toEqual([`wrangler versions deploy ${AFTER_SECRET}@100% --env staging --yes`]);
});

it("a changed secret of the first version leaves nothing to go back to", () => {
  const { failure, changes } = tried([
    ["wrangler deployments list *", deployed([[OLD, 100]], [[AFTER_SECRET, 100]])],
    bySecret(AFTER_SECRET),
  ]);
  expect(failure).toMatch(/name no version before/);
  expect(changes).toEqual([]);
});

const WIDER = versionView([...BOUND, "d1 RECORDS_02"]);

it.each<[string, [string, number][][], { version?: string; dry?: boolean }]>([
  ["the version before", [[[OLD, 100]], [[NEW, 100]]], {}],
  ["a dry run", [[[OLD, 100]], [[NEW, 100]]], { dry: true }],
  ["a version that is named", [[[OLD, 100]], [[NEW, 100]]], { version: OLD }],
  [
    "the greater share of a rollout",
    [
      [[OLD, 100]],
      [
        [NEW, 10],
        [OLD, 90],
      ],
    ],
    {},
  ],
])("a version that lacks a database of the running one gets no traffic: %s", (_, list, given) => {
  const { failure, changes } = tried(
    [
      ["wrangler deployments list *", deployed(...list)],
      [`wrangler versions view ${NEW} *`, WIDER],
    ],
    given,
  );
  expect(failure).toMatch(new RegExp(`^Version ${OLD} has no RECORDS_02: it would not serve a store`));
  expect(failure).toContain("put the database into its wrangler.toml as it is now, commit that, and deploy it");
  expect(failure).toContain("where shard in ('02') or other_shard in ('02')");
  expect(changes).toEqual([]);
});

it("a version without traffic has no store: its database is not missed", () => {
  const list = deployed(
    [[OLD, 100]],
    [[OTHER, 100]],
    [
      [NEW, 0],
      [OTHER, 100],
    ],
  );
  const { failure, changes } = tried([
    ["wrangler deployments list *", list],
    [`wrangler versions view ${NEW} *`, WIDER],
  ]);
  expect(failure).toBeNull();
  expect(changes).toEqual([`wrangler versions deploy ${OLD}@100% --env staging --yes`]);
});
