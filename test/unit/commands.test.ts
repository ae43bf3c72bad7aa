import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { documentedCommands } from "../support/documented-commands.ts";

// Every command of the pages is tried: by CI, or by a test that runs it or what it runs.

const E2E = "test/e2e/commands.test.ts";
const NIGHTLY = ".github/workflows/nightly.yml";
const REHEARSAL = "test/e2e/rehearsal.test.ts";

/** The command, what tries it, and the words by which that names it. */
const TRIED: Record<string, [file: string, words: string]> = {
  "npm ci": [".ci/run", "npm ci"],
  "npm test": [".ci/run", "npm test"],
  "npm start": [".ci/run", "npm start -- --once"],
  "npm pack": ["scripts/check-example.ts", "npm pack"],
  "npm install": ["scripts/check-example.ts", "npm ci"],
  "npm run dev": [E2E, '["run", "dev"'],
  "npm run check": [".ci/run", "npm run check"],
  "npm run dry-runs": [".ci/run", "npm run dry-runs"],
  "npm run check:example": [".ci/run", "npm run check:example"],
  "npm run test:browser": [".ci/run", "npm run test:browser"],
  // Keeps the pictures that the browser tests take anyway.
  "npm run screenshots": [".ci/run", "npm run test:browser"],
  // Checks what `npm run check` checks, and mends it.
  "npm run format": ["scripts/check.ts", "biome check"],
  // Uploads nothing; `npm run dry-runs` does it for each environment.
  "npm run build": ["scripts/dry-runs.ts", "--dry-run"],
  "npm run build:client": ["package.json", '"check:client": "npm run --silent build:client'],
  "npm run build:dashboard": ["package.json", '"pretest:browser": "npm run --silent build:dashboard"'],
  "npm run docs:api": ["test/unit/api/page.test.ts", "npm run docs:api"],
  "npm run docs:data": ["test/unit/data-model.test.ts", "npm run docs:data"],
  // Checks the same file without writing it.
  "npm run types": ["scripts/check.ts", "wrangler types"],
  "npm run db:generate": [E2E, "npm run db:generate"],
  "npm run db:migrate": [E2E, "npm run db:migrate"],
  "npm run token": [E2E, "npm run token"],
  "npm run simulator": [E2E, "npm run simulator"],
  "npm run rebuild": [E2E, "npm run rebuild"],
  "npm run move-store": [E2E, "npm run move-store"],
  "npm run rotate-credentials": [E2E, "npm run rotate-credentials"],
  "npm run add-shard": [E2E, "npm run add-shard"],
  "npm run release": [E2E, "npm run release"],
  "npm run test:chaos": [E2E, "npm run test:chaos"],
  "npm run bench": [E2E, "npm run bench"],
  "npm run cost": [NIGHTLY, "npm run cost"],
  "npm run lighthouse": [NIGHTLY, "npm run lighthouse"],
  "npm run provision": [REHEARSAL, "rehearsal.run(PROVISION)"],
  "npm run deploy": [REHEARSAL, "rehearsal.run(DEPLOY)"],
  "npm run rollback": [REHEARSAL, "rehearsal.run(ROLLBACK)"],
  // The same story, with the checks before each deployment.
  "npm run rehearse": [REHEARSAL, "Rehearsal.open"],
  "npx vitest": [".ci/run", "npm test"],
  curl: [E2E, "curl"],
};

/** What needs an account, and changes nothing here. */
const IN_AN_ACCOUNT = /^(?:npx wrangler|curl "https:\/\/api\.cloudflare\.com)\b/;
/** Plain commands of other tools. */
const PLAIN = /^(?:git commit|mv) /;

const commands = documentedCommands()
  .flatMap(({ page, command }) => {
    const parts = command.startsWith("curl") ? [command] : command.split(/\s*&&\s*/);
    return parts.map((part) => ({ page, command: part.replace(/^\(|\)$/g, "").replace(/^(?:\w+=\S+ )+/, "") }));
  })
  .filter(({ command }) => !/^cd |^mv /.test(command) && !PLAIN.test(command));

const nameOf = (command: string) => /^(?:npm run [\w:-]+|npm \w+|npx \w+|curl)/.exec(command)?.[0] ?? command;

it("each command of the pages has what tries it, and nothing is listed that no page names", () => {
  const named = new Set(
    commands.filter(({ command }) => !IN_AN_ACCOUNT.test(command)).map((each) => nameOf(each.command)),
  );
  expect(named.size).toBeGreaterThan(30);
  expect([...named].sort()).toEqual(Object.keys(TRIED).sort());
});

it.each(Object.entries(TRIED))("%s is tried where the list says it", (_, [file, words]) => {
  expect(readFileSync(file, "utf8")).toContain(words);
});

describe("the commands for an account", () => {
  const wrangler = [...new Set(commands.map(({ command }) => command))].filter((each) =>
    each.startsWith("npx wrangler "),
  );

  it.each(wrangler)("%s is known to the wrangler that is installed", (command) => {
    const words = command.replace("npx wrangler ", "").split(" ");
    // The names of databases and secrets are none of its words.
    const end = words.findIndex((word) => !/^[a-z][a-z0-9]*(?:-[a-z]+)?$/.test(word));
    const subcommand = end === -1 ? words : words.slice(0, end);
    const help = execFileSync(process.execPath, ["node_modules/wrangler/bin/wrangler.js", ...subcommand, "--help"], {
      encoding: "utf8",
    });
    expect(help).toContain(`wrangler ${subcommand.join(" ")}`);
    for (const flag of words.filter((word) => word.startsWith("--"))) expect(help).toContain(flag);
  });
});

it("each flag that a page gives to a script is one that the script knows", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const unknown = commands.flatMap(({ page, command }) => {
    const [, script = "", given = ""] = /^npm (?:run )?([\w:-]+) -- (.*)$/.exec(command) ?? [];
    const file = /^tsx (\S+)/.exec(scripts[script] ?? "")?.[1];
    if (file === undefined || !existsSync(file)) return [];
    const source = readFileSync(file, "utf8");
    const flags = [...given.matchAll(/--([\w-]+)/g)].map(([, flag = ""]) => flag);
    return flags.filter((flag) => !knows(source, flag)).map((flag) => `${page}: ${script} --${flag}`);
  });
  expect(unknown).toEqual([]);
});

/** As an option of `parseArgs`, passed on to wrangler, or in the help of a command that reads its options elsewhere. */
const knows = (source: string, flag: string) =>
  source.includes("...process.argv.slice(2)") ||
  new RegExp(`(?:^|[\\s{,])"?${flag}"?: \\{`, "m").test(source) ||
  source.includes(`--${flag} `) ||
  source.includes(`"${flag}"`);
