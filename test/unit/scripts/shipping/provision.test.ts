import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Deployed, readEnvironment } from "../../../../scripts/support/shipping/environment.ts";
import { configurationProblems } from "../../../../scripts/support/shipping/preflight.ts";
import { provision } from "../../../../scripts/support/shipping/provision.ts";
import { run } from "../../../../scripts/support/shipping/run.ts";
import { parseKeyRing } from "../../../../src/security/key-ring.ts";
import { type Answers, fakeCommands } from "./fake-commands.ts";
import { databaseList, idOf, queueList } from "./staging.ts";

const original = readFileSync("wrangler.toml", "utf8");
const HOST = "dutchie.reup-retail.com";
const SECRET = randomBytes(32).toString("base64");

/** An account with nothing in it, as wrangler 4 shows it. */
const empty = (env: Deployed): Answers => [
  ["wrangler d1 list --json", "[]"],
  ["wrangler queues list *", queueList([])],
  ["wrangler secret list *", `Worker "reup-dutchie" (env: ${env}) not found.`, 1],
  ...readEnvironment(env).d1_databases.map(
    ({ database_name }, index) =>
      [`wrangler d1 create ${database_name} *`, `✅ Successfully created DB\n"database_id": "${idOf(index)}"`] as const,
  ),
  ["wrangler queues create *", "Created queue"],
  ["wrangler secret put *", "✨ Success! Uploaded secret"],
];

/** The same account afterwards. */
const full = (env: Deployed): Answers => [
  ["wrangler d1 list --json", databaseList(readEnvironment(env).d1_databases.map((each) => each.database_name))],
  ["wrangler queues list *", queueList(readEnvironment(env).queues.consumers.map(({ queue }) => queue))],
  ["wrangler secret list *", '[{"name":"CREDENTIAL_KEYS"},{"name":"AUTH_JWT_SECRET"}]'],
];

function place() {
  const folder = mkdtempSync(join(tmpdir(), "provision-"));
  const config = join(folder, "wrangler.toml");
  writeFileSync(config, original);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return config;
}

async function provisioned(
  answers: Answers,
  {
    config = place(),
    env = "staging" as Deployed,
    dry = false,
    host = HOST as string | null,
    secret = SECRET as string | null,
  } = {},
) {
  const commands = fakeCommands(answers);
  const said: string[] = [];
  const hands = {
    config,
    run,
    read: () => readFileSync(config, "utf8"),
    write: (toml: string) => writeFileSync(config, toml),
    ask: async () => secret,
    say: (line: string) => void said.push(line),
  };
  const failure = await provision(env, { host, email_from: "alerts@reup-retail.com" }, dry, hands).then(
    () => null,
    (error: Error) => error.message,
  );
  const changes = commands().filter((line) => /create|put/.test(line));
  return { failure, said, changes, config, toml: readFileSync(config, "utf8") };
}

it.each(["staging", "production"] as const)("%s is made from nothing, and is ready to be deployed", async (env) => {
  const { failure, changes, config, toml } = await provisioned(empty(env), { env });
  expect(failure).toBeNull();
  const made = readEnvironment(env, config);
  expect(made.d1_databases.map(({ database_id }) => database_id)).toEqual([0, 1, 2].map(idOf));
  expect(changes.filter((line) => line.includes("d1 create"))).toEqual(
    made.d1_databases.map(({ database_name }) => `wrangler d1 create ${database_name} --location enam`),
  );
  const queues = changes.filter((line) => line.includes("queues create")).map((line) => line.split(" ").at(-1));
  expect(queues[0]).toBe(`reup-dutchie-dead-letters-${env}`);
  expect(queues.toSorted()).toEqual(made.queues.consumers.map(({ queue }) => queue).toSorted());
  const missing = configurationProblems(env, made).filter((each) => !/AUTH_(ISSUER|AUDIENCE)/.test(each));
  expect(missing).toEqual([]);
  expect(made.vars).toMatchObject({ PUBLIC_URL: `https://${HOST}`, ALERT_EMAIL_FROM: "alerts@reup-retail.com" });
  // The other environments and all other lines are as before.
  const before = original.split("\n");
  const after = toml.split("\n");
  expect(after).toHaveLength(before.length);
  expect(after.filter((line, at) => line !== before[at])).toHaveLength(6);
});

it("keys are random, are passed by standard input, and are shown once with advice", async () => {
  const first = await provisioned(empty("staging"));
  const second = await provisioned(empty("staging"));
  const shown = (lines: string[]) => lines.filter((line) => line.startsWith("CREDENTIAL_KEYS of staging: "));
  const [line = ""] = shown(first.said);
  const keys = line.slice(line.indexOf("{"));
  expect(parseKeyRing(keys).ok).toBe(true);
  expect(shown(second.said)).not.toEqual([line]);
  expect(first.said.join("\n").split(keys)).toHaveLength(2);
  expect(first.said.join("\n")).toContain("Keep it in a safe place");
  expect(first.changes).toContain(`wrangler secret put CREDENTIAL_KEYS --env staging < ${keys}`);
});

it("a second run changes nothing", async () => {
  const first = await provisioned(empty("staging"));
  const second = await provisioned(full("staging"), { config: first.config });
  expect([second.failure, second.changes, second.said]).toEqual([null, [], ["Nothing is missing."]]);
  expect(second.toml).toBe(first.toml);
});

it("a dry run prints the plan and changes nothing", async () => {
  const { failure, changes, said, toml } = await provisioned(empty("staging"), { dry: true });
  expect([failure, changes, toml]).toEqual([null, [], original]);
  expect(said[0]).toBe("Would create the database reup-dutchie-staging, and write its id into wrangler.toml.");
  expect(said.filter((line) => line.startsWith("Would create the queue"))).toHaveLength(8);
  expect(said.join("\n")).toMatch(/Would make CREDENTIAL_KEYS[\s\S]*Would ask for AUTH_JWT_SECRET/);
});

it("a run that was interrupted goes on where it ended", async () => {
  const failing: Answers = [["wrangler queues create *slow*", "Too many requests", 1], ...empty("staging")];
  const first = await provisioned(failing);
  expect(first.failure).toMatch(/queues create reup-dutchie-slow-staging failed:\nToo many requests/);
  const rest: Answers = [
    [
      "wrangler d1 list --json",
      databaseList(readEnvironment("staging").d1_databases.map((each) => each.database_name)),
    ],
    ...empty("staging"),
  ];
  const second = await provisioned(rest, { config: first.config });
  expect(second.failure).toBeNull();
  expect(second.changes.filter((line) => line.includes("d1 create"))).toEqual([]);
});

it.each([
  ["the last page comes again", 2],
  ["behind the last page there is none", 3],
])("queues are looked for on every page: %s", async (_, pages) => {
  const names = readEnvironment("staging").queues.consumers.map(({ queue }) => queue);
  const others = Array.from({ length: 20 }, (_, index) => `other-${index}`);
  const missing = names.slice(1);
  const page = (number: number, names: string[]): Answers[number] => [
    `wrangler queues list --page ${number}`,
    queueList(names),
  ];
  const answers: Answers = [
    page(1, others),
    page(2, names.slice(0, 1)),
    page(3, pages === 2 ? names.slice(0, 1) : []),
    ...empty("staging"),
  ];
  const { failure, changes } = await provisioned(answers);
  expect(failure).toBeNull();
  const created = changes.flatMap((line) => /^wrangler queues create (.*)$/.exec(line)?.[1] ?? []);
  expect(created.sort()).toEqual(missing.sort());
});

it.each<[string, Answers[number], string | null, RegExp]>([
  ["the account does not answer", ["wrangler d1 list *", "Authentication error [code: 10000]", 1], "x", /code: 10000/],
  ["the queues cannot be listed", ["wrangler queues list *", "Internal error", 1], "x", /Internal error/],
  [
    "the list of queues has no table",
    ["wrangler queues list *", "You have 8 queues."],
    "x",
    /not understood:\nYou have/,
  ],
  [
    "a queue has an id of another form",
    ["wrangler queues list *", queueList(["a", "b"]).replace("0001 │ b", "zzzz │ b")],
    "x",
    /list of queues is not understood/,
  ],
  ["the secrets cannot be listed", ["wrangler secret list *", "Internal error", 1], "x", /Internal error/],
  ["nobody enters a secret", ["git *", ""], null, /AUTH_JWT_SECRET is still missing/],
])("if %s, that is told, and no key is replaced", async (_, answer, secret, reason) => {
  const { failure, changes } = await provisioned([answer, ...empty("staging")], { secret });
  expect(failure).toMatch(reason);
  if (secret !== null) expect(changes).toEqual([]);
});

it.each([
  ["x7Kq!m2Vb9", "must have at least 32 bytes"],
  ["s".repeat(40), "follows a pattern"],
  ["my-super-secret-jwt-secret-for-reup-0000", "comes from an example or a test"],
])("a secret that the Worker would refuse is not stored: %s", async (secret, reason) => {
  const { failure, changes, said } = await provisioned(empty("staging"), { secret });
  expect(failure).toMatch(new RegExp(`^AUTH_JWT_SECRET ${reason}`));
  expect(changes.filter((line) => line.includes("put AUTH_JWT_SECRET"))).toEqual([]);
  expect([failure, ...said].join("\n")).not.toContain(secret);
});

it("a secret that is good is stored, and never shown", async () => {
  const { failure, changes, said } = await provisioned(empty("staging"), { secret: ` ${SECRET}\n` });
  expect(failure).toBeNull();
  expect(changes.at(-1)).toBe(`wrangler secret put AUTH_JWT_SECRET --env staging < ${SECRET}`);
  expect(said.join("\n")).not.toContain(SECRET);
});

it("keys are shown before they are stored: an answer that is lost loses none", async () => {
  const lost: Answers = [["wrangler secret put CREDENTIAL_KEYS *", "fetch failed", 1], ...empty("staging")];
  const { failure, changes, said } = await provisioned(lost);
  const keys = changes.at(-1)?.split(" < ")[1] ?? "none";
  expect(failure).toMatch(/secret put CREDENTIAL_KEYS --env staging failed:\nfetch failed/);
  expect(failure).not.toContain(keys);
  expect(said).toContain(`CREDENTIAL_KEYS of staging: ${keys}`);
});
