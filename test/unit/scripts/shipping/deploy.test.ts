import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deploy, type Order } from "../../../../scripts/support/shipping/deploy.ts";
import { run } from "../../../../scripts/support/shipping/run.ts";
import { type Answers, fakeCommands } from "./fake-commands.ts";
import { BOUND, databaseList, queueList, SECRETS_ONLY, staging, versionView } from "./staging.ts";

const OLD = "0a1b2c3d-0000-4000-8000-000000000001";
const NEW = "0a1b2c3d-0000-4000-8000-000000000002";
const at = (minute: number, ...versions: [string, number][]) => ({
  id: `deployment-${minute}`,
  source: "wrangler",
  strategy: "percentage",
  author_email: "ops@reup-retail.com",
  annotations: { "workers/triggered_by": "deployment" },
  created_on: `2026-11-26T10:0${minute}:00.000Z`,
  versions: versions.map(([version_id, percentage]) => ({ version_id, percentage })),
});
const QUEUES = staging().queues.consumers.map(({ queue }) => queue);
const deployed = (...deployments: object[]) => JSON.stringify(deployments);

/** An account in which everything is there, and the answers that a test puts before these. */
const account = (...first: Answers): Answers => [
  ...first,
  ["wrangler deployments list *", deployed(at(1, [OLD, 100]))],
  ["wrangler versions view *", versionView(BOUND)],
  ["wrangler d1 list *", databaseList(staging().d1_databases.map((each) => each.database_name))],
  ["wrangler queues list *", queueList(QUEUES)],
  [
    "wrangler secret list *",
    '[{"name":"CREDENTIAL_KEYS","type":"secret_text"},{"name":"AUTH_JWT_SECRET","type":"secret_text"}]',
  ],
  ["wrangler d1 migrations list *", "✅ No migrations to apply!"],
  ["wrangler d1 migrations apply *", "applied"],
  ["wrangler versions upload *", `Uploaded reup-dutchie-staging (3.2 sec)\nWorker Version ID: ${NEW}\n`],
  ["wrangler versions deploy *", "SUCCESS"],
  ["wrangler triggers deploy *", "Deployed"],
  ["git status *", ""],
  ["git log *", "abc1234\nKeep what is right"],
  ["npm run *", ""],
];

async function tried(answers: Answers, given: Partial<Order> = {}, smokes: string[][] = [], isReached = true) {
  const commands = fakeCommands(answers);
  const said: string[] = [];
  const asked: unknown[] = [];
  const order: Order = { env: "staging", percent: 100, version: null, breaking: false, dry: false, ...given };
  const smoke = async (version: unknown) => {
    asked.push(version);
    return smokes.shift() ?? [];
  };
  const reached = async () => isReached;
  const failure = await deploy(order, {
    config: staging(),
    run,
    say: (line) => void said.push(line),
    reached,
    smoke,
  }).then(
    () => null,
    (error: Error) => error.message,
  );
  const changes = commands().filter((line) =>
    /^wrangler (versions (upload|deploy)|triggers|deploy |d1 migrations apply)/.test(line),
  );
  return { failure, said, asked, changes };
}

const SHARES = {
  none: `wrangler versions deploy ${NEW}@0% ${OLD}@100% --env staging --yes`,
  all: `wrangler versions deploy ${NEW}@100% --env staging --yes`,
  back: `wrangler versions deploy ${OLD}@100% --env staging --yes`,
  triggers: "wrangler triggers deploy --env staging",
};
const UPLOAD = "wrangler versions upload --env staging --tag abc1234 --message Keep what is right";

it("a version is named after its commit, tried without traffic, given all of it, and tried again", async () => {
  const { failure, changes, asked } = await tried(account());
  expect(failure).toBeNull();
  expect(changes).toEqual([UPLOAD, SHARES.none, SHARES.all, SHARES.triggers]);
  expect(asked).toEqual([{ worker: "reup-dutchie-staging", id: NEW }, null]);
});

it("a pending migration is applied before the version is uploaded, to its database only", async () => {
  const pending: Answers = [
    ["wrangler d1 migrations list RECORDS_01 *", "Migrations to be applied:\n│ 0001_created_by.sql │\n"],
  ];
  const { failure, changes, said } = await tried(account(...pending));
  expect(failure).toBeNull();
  expect(changes.slice(0, 2)).toEqual(["wrangler d1 migrations apply RECORDS_01 --remote --env staging", UPLOAD]);
  expect(said).toContain("RECORDS_01 gets 0001_created_by.sql.");
});

it("a gradual rollout leaves the rest to the version before, and says how to go on", async () => {
  const { changes, said, asked } = await tried(account(), { percent: 10 });
  expect(changes[2]).toBe(`wrangler versions deploy ${NEW}@10% ${OLD}@90% --env staging --yes`);
  expect(asked[1]).toEqual({ worker: "reup-dutchie-staging", id: NEW });
  expect(said.at(-1)).toBe(`Continue: npm run deploy -- --env staging --version ${NEW} --percent 100`);
});

it("a rollout that goes on uploads nothing, migrates nothing, and says whose triggers it sets", async () => {
  const shared: Answers = [
    ["wrangler deployments list *", deployed(at(1, [OLD, 100]), at(2, [NEW, 10], [OLD, 90]))],
    ["wrangler d1 migrations list *", "Migrations to be applied:\n│ 0005_sale_lines.sql │\n"],
  ];
  const { failure, changes, said } = await tried(account(...shared), { version: NEW });
  expect(failure).toBeNull();
  expect(changes).toEqual([SHARES.all, SHARES.triggers]);
  expect(said.filter((line) => line.includes("0005_"))).toEqual([]);
  expect(said).toContain(
    `Routes, schedules and consumers of queues are now those of the files here. For those of version ${NEW}, check out its commit and run: npx wrangler triggers deploy --env staging`,
  );
});

const ADDED = "RECORDS_01";
const WITHOUT = BOUND.filter((each) => !each.endsWith(ADDED));
const viewOf = (version: string, bindings: readonly string[]): Answers[number] => [
  `wrangler versions view ${version} *`,
  versionView(bindings),
];
const sharing = (percent: number): Answers[number] => [
  "wrangler deployments list *",
  deployed(at(1, [OLD, 100]), at(2, [NEW, percent], [OLD, 100 - percent])),
];

it.each<[string, Answers, Partial<Order>, boolean]>([
  ["gets a share", [], { percent: 10 }, true],
  ["gets a greater share", [sharing(10)], { version: NEW, percent: 50 }, true],
  ["would get a share", [], { percent: 10, dry: true }, true],
  ["gets all traffic", [], {}, false],
  ["gets all traffic at last", [sharing(10)], { version: NEW }, false],
])("a version with another database that %s: the version before would not serve a store there", async (...given) => {
  const [, answers, order, isWarned] = given;
  const { failure, said } = await tried(account(...answers, viewOf(OLD, WITHOUT)), order);
  expect(failure).toBeNull();
  const warnings = said.filter((line) => line.startsWith(`Version ${OLD} has no ${ADDED}, and would not serve`));
  expect(warnings).toHaveLength(isWarned ? 1 : 0);
});

it("a version that lacks no database warns of none", async () => {
  const { said } = await tried(account(), { percent: 10 });
  expect(said.filter((line) => line.includes("would not serve"))).toEqual([]);
});

it.each<[string, Answers, Partial<Order>]>([
  ["a commit", [viewOf(OLD, [...BOUND, "d1 RECORDS_02"])], {}],
  ["an uploaded version", [viewOf(NEW, WITHOUT)], { version: NEW }],
  ["an uploaded version, with a share,", [viewOf(NEW, WITHOUT)], { version: NEW, percent: 10 }],
])("%s that lacks a database of the running version is not deployed", async (_, answers, order) => {
  const { failure, changes } = await tried(account(...answers), order);
  expect(failure).toMatch(/^Not deployed:\n- RECORDS_0[12] is missing, which the running version has/);
  expect(changes).toEqual([]);
});

it.each<[string, Answers, Partial<Order>, string[][], boolean]>([
  ["had traffic", [], {}, [[], ["the page is answered 500"]], true],
  ["had a share", [sharing(10)], { version: NEW }, [["the page is answered 500"]], true],
  ["had none", [], {}, [["the page is answered 500"]], false],
])("a failed version with another database says whether a store may be there: it %s", async (...given) => {
  const [, answers, order, smokes, isTold] = given;
  const { failure, said } = await tried(account(...answers, viewOf(OLD, WITHOUT)), order, [...smokes]);
  expect(failure).toContain(`${OLD} has it all`);
  expect(
    said.some((line) => /^It has no RECORDS_01.*where shard in \('01'\) or other_shard in \('01'\)/.test(line)),
  ).toBe(isTold);
});

const OTHER = "0a1b2c3d-0000-4000-8000-000000000003";

it.each([10, 100])("a version that shares no traffic gets none of it while two others do: %d %%", async (percent) => {
  const shared: Answers = [["wrangler deployments list *", deployed(at(2, [NEW, 10], [OLD, 90]))]];
  const { failure, changes } = await tried(account(...shared), { version: OTHER, percent });
  expect(failure).toMatch(new RegExp(`${OTHER} is not one of them: ${NEW} 10 %, ${OLD} 90 %`));
  expect(changes).toEqual([]);
});

it.each([
  ["the new one goes on", NEW],
  ["a third one is tried instead", OTHER],
])("a version without traffic never gets the rest of it: %s", async (_, version) => {
  const once: Answers = [["wrangler deployments list *", deployed(at(2, [NEW, 0], [OLD, 100]))]];
  const { failure, changes } = await tried(account(...once), { version, percent: 10 });
  expect(failure).toBeNull();
  expect(changes).toEqual([`wrangler versions deploy ${version}@10% ${OLD}@90% --env staging --yes`, SHARES.triggers]);
});

it("the version that has all traffic has no other to share it with", async () => {
  const once: Answers = [["wrangler deployments list *", deployed(at(2, [NEW, 0], [OLD, 100]))]];
  const { failure, changes } = await tried(account(...once), { version: OLD, percent: 10 });
  expect(failure).toBe("There is no other version that shares the traffic.");
  expect(changes).toEqual([]);
});

it("a new upload is refused while two versions share the traffic", async () => {
  const shared: Answers = [["wrangler deployments list *", deployed(at(2, [NEW, 10], [OLD, 90]))]];
  const { failure, changes } = await tried(account(...shared));
  expect(failure).toMatch(/Two versions share the traffic.*npm run rollback -- --env staging/);
  expect(changes).toEqual([]);
});

it.each([
  ["before it has traffic", [["/healthz says failing: PUBLIC_URL"]], [UPLOAD, SHARES.none, SHARES.back]],
  [
    "with all of it",
    [[], ["the page is answered 500"]],
    [UPLOAD, SHARES.none, SHARES.all, SHARES.triggers, SHARES.back],
  ],
])("a version that fails its smoke test %s loses its traffic", async (_, smokes, expected) => {
  const { failure, changes, said } = await tried(account(), {}, [...smokes]);
  expect(failure).toBe(`Version ${NEW} has no traffic any more; ${OLD} has it all.`);
  expect(changes).toEqual(expected);
  expect(said.join("\n")).toContain(String(smokes.at(-1)?.[0]));
  const stay = `Routes, schedules and consumers of queues stay as they are. For those of version ${OLD}, check out its commit and run: npx wrangler triggers deploy --env staging`;
  expect(said.includes(stay)).toBe(changes.includes(SHARES.triggers));
});

it.each([
  ["/healthz does not answer (TypeError: fetch failed)", true],
  ["/healthz is answered 530, and not by this Worker", true],
  ["/healthz says failing: QUEUED_MS", false],
])("a version that is not reached says that a new address needs its route first: %s", async (problem, isNew) => {
  const { said } = await tried(account(), {}, [[problem]]);
  expect(said.some((line) => line.includes("npx wrangler triggers deploy --env staging. When it answers"))).toBe(isNew);
});

it("a step of the rollout that fails goes back, too", async () => {
  const { failure, changes } = await tried(account(["wrangler triggers deploy *", "Queue is gone", 1]));
  expect(failure).toContain(`${OLD} has it all`);
  expect(changes.at(-1)).toBe(SHARES.back);
});

/** What wrangler lists for databases that have no table yet. */
const wholeList = (databases: readonly { binding: string; migrations_dir: string }[]): Answers =>
  databases.map(({ binding, migrations_dir }) => {
    const files = readdirSync(migrations_dir).filter((name) => name.endsWith(".sql"));
    const rows = files.sort().map((name) => `│ ${name} │\n`);
    return [`wrangler d1 migrations list ${binding} *`, `Migrations to be applied:\n${rows.join("")}`];
  });
const applied = (binding: string) => `wrangler d1 migrations apply ${binding} --remote --env staging`;

const WHOLE: Answers[number] = [
  "wrangler deploy *",
  `Deployed reup-dutchie-staging triggers\nCurrent Version ID: ${NEW}\n`,
];
/** Before the first deployment: to store a secret, wrangler makes and deploys a Worker that has nothing else. */
const ONLY_SECRETS: Answers = [WHOLE, ["wrangler versions view *", versionView(SECRETS_ONLY)]];

it.each<[string, Answers]>([
  ["there is no Worker", [WHOLE, ["wrangler deployments list *", "This Worker does not exist. [code: 10007]", 1]]],
  ["a Worker only holds the secrets", ONLY_SECRETS],
])("the first deployment has no version to go back to, and no migration breaks one: %s", async (_, answers) => {
  const databases = staging().d1_databases;
  const { failure, changes } = await tried(account(...wholeList(databases), ...answers));
  expect(failure).toBeNull();
  expect(changes).toEqual([
    ...databases.map(({ binding }) => applied(binding)),
    "wrangler deploy --env staging --tag abc1234 --message Keep what is right",
  ]);
});

it("the first deployment waits for its address, and tries nothing before it leads to the Worker", async () => {
  const { failure, asked } = await tried(account(...ONLY_SECRETS), {}, [], false);
  expect(failure).toMatch(/^https:\/\/dutchie-staging\.reup-retail\.com does not lead to the Worker yet\./);
  expect(asked).toEqual([]);
});

it("what only holds the secrets gets no share of the traffic", async () => {
  const { failure, changes } = await tried(account(...ONLY_SECRETS), { version: NEW, percent: 10 });
  expect(failure).toBe("There is no other version that shares the traffic.");
  expect(changes).toEqual([]);
});

it("a database that is added to a running Worker gets all migrations", async () => {
  const added = staging().d1_databases.filter(({ binding }) => binding === "RECORDS_01");
  const { failure, changes } = await tried(account(...wholeList(added)));
  expect(failure).toBeNull();
  expect(changes.slice(0, 2)).toEqual([applied("RECORDS_01"), UPLOAD]);
});

it("a migration that breaks the running version is refused, whatever another database lacks", async () => {
  const answers: Answers = [
    ...wholeList(staging().d1_databases.filter(({ binding }) => binding === "RECORDS_01")),
    ["wrangler d1 migrations list RECORDS_00 *", "Migrations to be applied:\n│ 0005_sale_lines.sql │\n"],
  ];
  const { failure, changes } = await tried(account(...answers));
  expect(failure).toMatch(/^Not deployed:\n- 0005_sale_lines\.sql drops a table, and [^\n]*$/);
  expect(changes).toEqual([]);
  expect((await tried(account(...answers), { breaking: true })).failure).toBeNull();
});

describe("nothing changes", () => {
  it("in a dry run", async () => {
    const { failure, changes, said } = await tried(account(), { dry: true });
    expect([failure, changes, said.at(-1)]).toEqual([null, [], "Nothing was changed."]);
  });

  it.each<[string, Answers[number], RegExp]>([
    ["a change is not committed", ["git status *", " M src/index.ts\n"], /no commit has/],
    ["a check fails", ["npm run --silent check", "✗ tsc", 1], /npm run check fails:\n✗ tsc/],
    [
      "a database is missing",
      ["wrangler d1 list *", databaseList(["other"])],
      /no database reup-dutchie-staging \(DB\)/,
    ],
    [
      "a queue is missing",
      ["wrangler queues list *", queueList(QUEUES.filter((name) => !name.includes("slow")))],
      /no queue reup-dutchie-slow-staging/,
    ],
    [
      "a secret is missing",
      ["wrangler secret list *", '[{"name":"AUTH_JWT_SECRET"}]'],
      /secret CREDENTIAL_KEYS is missing/,
    ],
    ["nobody can sign in", ["wrangler secret list *", '[{"name":"CREDENTIAL_KEYS"}]'], /nobody can sign in/],
    [
      "the account does not answer",
      ["wrangler deployments list *", "Authentication error [code: 10000]", 1],
      /code: 10000/,
    ],
    ["wrangler's list is not understood", ["wrangler d1 migrations list *", "Hello"], /is not understood:\nHello/],
  ])("if %s", async (_, answer, reason) => {
    const { failure, changes } = await tried(account(answer));
    expect(failure).toMatch(reason);
    expect(changes).toEqual([]);
  });
});
