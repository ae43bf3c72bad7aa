import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { addShard } from "../../../../scripts/support/shipping/add-shard.ts";
import { readEnvironment } from "../../../../scripts/support/shipping/environment.ts";
import type { Run } from "../../../../scripts/support/shipping/run.ts";
import { idOf } from "./staging.ts";

const NAME = "reup-dutchie-records-02-staging";

/** An account, a wrangler.toml, and a process that is killed behind its `dies_after`-th step. */
function workshop() {
  const folder = mkdtempSync(join(tmpdir(), "add-shard-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "wrangler.toml");
  writeFileSync(config, readFileSync("wrangler.toml", "utf8"));
  const databases = readEnvironment("staging").d1_databases.map(({ database_name: name }, index) => ({
    name,
    uuid: idOf(index),
  }));
  const migrated = new Set(["RECORDS_00", "RECORDS_01"]);
  const said: string[] = [];

  const answer = ([, verb = "", name = "", binding = ""]: readonly string[]): string => {
    if (verb === "list") return JSON.stringify(databases);
    if (verb === "create") {
      if (databases.some((each) => each.name === name)) throw new Error(`A database with the name ${name} exists.`);
      databases.push({ name, uuid: idOf(databases.length) });
      return `"database_id": "${idOf(databases.length - 1)}"`;
    }
    if (verb === "migrations" && name === "list")
      return migrated.has(binding) ? "No migrations to apply!" : "│ 0000_initial.sql │\n│ 0001_more.sql │";
    if (verb === "migrations" && name === "apply") migrated.add(binding);
    return "";
  };
  const go = (dies_after: number) => {
    let steps = 0;
    const step = <T>(made: T): T => {
      if (++steps === dies_after) throw new Error("killed");
      return made;
    };
    const run: Run = (_command, args) => {
      const stdout = answer(args);
      return step({ ok: true, output: stdout, stdout });
    };
    const read = () => readFileSync(config, "utf8");
    const write = (toml: string) => step(writeFileSync(config, toml));
    const binding = addShard("staging", { config, run, read, write, say: (line) => void said.push(line) });
    return { binding, steps };
  };
  return { go, config, databases, migrated, said };
}

it("a database is created, bound and migrated", () => {
  const { go, config, databases, migrated } = workshop();
  expect(go(0)).toEqual({ binding: "RECORDS_02", steps: 5 });
  expect(databases.at(-1)).toEqual({ name: NAME, uuid: idOf(3) });
  expect(readEnvironment("staging", config).d1_databases.at(-1)).toMatchObject({
    binding: "RECORDS_02",
    database_name: NAME,
    database_id: idOf(3),
  });
  expect([...migrated]).toContain("RECORDS_02");
  // Another one, once this is done.
  expect(go(0).binding).toBe("RECORDS_03");
});

it.each([1, 2, 3, 4])("killed behind step %i and run again, it makes one database", (dies_after) => {
  const { go, config, databases, migrated, said } = workshop();
  expect(() => go(dies_after)).toThrow("killed");
  expect(go(0).binding).toBe("RECORDS_02");
  expect(databases.map(({ name }) => name).filter((name) => name === NAME)).toHaveLength(1);
  expect(databases).toHaveLength(4);
  const bound = readEnvironment("staging", config).d1_databases;
  expect(bound.map(({ binding }) => binding)).toEqual(["DB", "RECORDS_00", "RECORDS_01", "RECORDS_02"]);
  expect(bound.at(-1)?.database_id).toBe(idOf(3));
  expect([...migrated]).toContain("RECORDS_02");
  expect(said.join("\n").includes("cut off")).toBe(dies_after > 2);
});
