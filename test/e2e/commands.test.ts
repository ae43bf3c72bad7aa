import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import getPort from "get-port";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { documentedCommands } from "../support/documented-commands.ts";
import { Stage, type Store, until } from "./support.ts";

// The commands of the pages, as a reader types them: only addresses, ids and keys are replaced.

const run = promisify(execFile);

/** What a command printed. Throws with it if the command fails. */
async function output(command: string, { cwd = process.cwd(), env = {} } = {}): Promise<string> {
  const { stdout } = await run("bash", ["-c", `curl() { command curl -sS --fail-with-body "$@"; }; ${command}`], {
    cwd,
    env: { ...process.env, ...env },
  });
  return stdout;
}

/** What commands write: a checkout begins without it. */
const MADE = new Set([".git", ".wrangler", ".dev.vars", "dist"]);

/** A checkout whose state, configuration, documents and scripts are its own, for scripts work where they are; the rest is this one. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), "reup-dutchie-checkout-"));
  for (const name of readdirSync(".").filter((each) => !MADE.has(each))) {
    const isOwn = name === "scripts" || !statSync(name).isDirectory();
    if (isOwn) cpSync(name, join(folder, name), { recursive: true });
    else symlinkSync(join(process.cwd(), name), join(folder, name));
  }
  return folder;
}

describe("what a reader of the pages asks the API", () => {
  let stage: Stage;
  let store: Store;
  let env: Record<string, string>;

  beforeAll(async () => {
    stage = await Stage.open({ ALERT_EMAIL_FROM: "alerts@reup.example" });
    store = await stage.connect({ size: 30 });
    await store.sync("initial");
    const token = await developmentToken({ retailer_id: "e2e", role: "admin" });
    env = { URL: stage.api.url, TOKEN: token, REUP_TOKEN: token, LOCATION: store.id };
  });

  afterAll(() => stage?.close());

  const curls = documentedCommands().filter(
    ({ command }) => command.startsWith("curl ") && !command.includes("api.cloudflare.com"),
  );

  it("the pages have such commands", () => {
    expect(curls.length).toBeGreaterThan(4);
  });

  it.each(curls)("$page: $command", async ({ command }) => {
    const other = await stage.simulator({ size: 20 });
    const typed = command
      .replaceAll("https://api.pos.dutchie.com", other.url)
      .replaceAll("services/…", "services/T0/B0/x")
      .replaceAll('"api_key": "…"', `"api_key": "${other.simulator.config.apiKey}"`);
    // An answer that is an error fails the command.
    expect(JSON.parse(await output(typed, { env }))).toEqual(expect.any(Object));
  });

  it("npm run rebuild reads a store again", async () => {
    // The page's own sync.
    await until(
      () => store.get<{ state: string }>("/status"),
      ({ state }) => state !== "syncing",
    );
    expect(await output(`npm run rebuild -- --url "$URL" --location "$LOCATION"`, { env })).toMatch(
      /completed, \d+ records/,
    );
  });

  it("npm run move-store moves a store to another database, and shows where it is", async () => {
    const moved = await output(`npm run move-store -- --url "$URL" --location "$LOCATION" --to 01`, { env });
    expect(moved).toContain("The records are on 01.");
    expect(await output(`npm run move-store -- --url "$URL" --location "$LOCATION"`, { env })).toContain("are on 01.");
    expect(await store.differences()).toEqual([]);
  });

  it("npm run rotate-credentials leaves nothing under an old key", async () => {
    expect(await output(`npm run rotate-credentials -- --url "$URL"`, { env })).toContain(" 0 remaining");
  });
});

describe("what a developer types", () => {
  const folders: string[] = [];
  const own = () => {
    const folder = checkout();
    folders.push(folder);
    return folder;
  };

  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each(["npm run token -- --retailer demo --role admin", "npm run token -- --retailer demo --role viewer"])(
    "%s prints a token",
    async (command) => {
      expect(await output(command)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/m);
    },
  );

  it("npm run simulator tells its options and its lies", async () => {
    expect(await output("npm run simulator -- --help")).toContain("--lies");
    expect((await output("npm run simulator -- --grammar")).split("\n").length).toBeGreaterThan(20);
  });

  it("npm run db:generate finds no difference between the schema and its migrations", async () => {
    expect(await output("npm run db:generate -- --name what")).toMatch(/No schema changes[\s\S]*No schema changes/);
  });

  it("npm run release names the version everywhere", async () => {
    const cwd = own();
    await output("npm run release -- --version 99.0.0", { cwd });
    expect(JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")).version).toBe("99.0.0");
    const changelog = readFileSync(join(cwd, "CHANGELOG.md"), "utf8");
    expect(changelog).toContain("99.0.0");
    // As if it had been cut off before the version.
    await output("npm version 98.0.0 --no-git-tag-version", { cwd });
    await output("npm run release -- --version 99.0.0", { cwd });
    expect(JSON.parse(readFileSync(join(cwd, "package.json"), "utf8")).version).toBe("99.0.0");
    expect(readFileSync(join(cwd, "CHANGELOG.md"), "utf8")).toBe(changelog);
  });

  it("npm run add-shard tells what it would do in an account, and does it on this machine", async () => {
    const cwd = own();
    const before = readFileSync(join(cwd, "wrangler.toml"), "utf8");
    expect(await output("npm run add-shard -- --env staging --dry-run", { cwd })).toContain(
      "Would run: wrangler d1 create",
    );
    expect(readFileSync(join(cwd, "wrangler.toml"), "utf8")).toBe(before);
    expect(await output("npm run add-shard -- --env development", { cwd })).toContain(
      "Applied the migrations to RECORDS_02",
    );
    expect(readFileSync(join(cwd, "wrangler.toml"), "utf8")).toContain('binding = "RECORDS_02"');
  });

  it("npm run db:migrate prepares the databases, and npm run dev serves the Worker on them", async () => {
    const cwd = own();
    await output("npm run db:migrate", { cwd });
    const port = await getPort();
    const dev = spawn("npm", ["run", "dev", "--", "--port", `${port}`, "--inspector-port", `${await getPort()}`], {
      cwd,
      detached: true,
      stdio: "ignore",
    });
    const gone = once(dev, "exit");
    try {
      await until(
        () =>
          fetch(`http://localhost:${port}/healthz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        (isOk) => isOk,
      );
    } finally {
      if (dev.exitCode === null && dev.pid !== undefined) process.kill(-dev.pid, "SIGTERM");
      await gone;
    }
  });

  it("npm run test:chaos plays seeds", async () => {
    expect(await output("npm run test:chaos -- --seeds 4")).toContain("all ended equal to Dutchie");
    const lies = "npm run test:chaos -- --seeds 1 --first 32 --lies '[]'";
    expect(await output(lies)).toContain("all ended equal to Dutchie");
  });

  it("npm run bench lists its figures, and measures one", async () => {
    expect(await output("npm run bench -- --list")).toContain("drained");
    expect(await output("npm run bench -- --quick --only decoded")).toContain("JSON.parse");
  });
});
