import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { createArgs, nextShard, withShard } from "../../../scripts/support/wrangler-shards.ts";

const toml = readFileSync("wrangler.toml", "utf8");

/** The databases of an environment, as wrangler reads them. */
function databases(text: string, env: string): { binding: string; database_name: string; database_id: string }[] {
  const folder = mkdtempSync(join(tmpdir(), "wrangler-"));
  const config = join(folder, "wrangler.toml");
  writeFileSync(config, text);
  const read = unstable_readConfig({ config, ...(env === "development" ? {} : { env }) });
  rmSync(folder, { recursive: true });
  return (read as unknown as { d1_databases: ReturnType<typeof databases> }).d1_databases;
}

it.each(["development", "staging", "production"] as const)(
  "A database of records is added behind the others of %s, and nothing else changes",
  (env) => {
    const before = databases(toml, env);
    let text = toml;
    for (const n of [0, 1]) {
      const shard = nextShard(text, env);
      expect(shard.binding).toBe(`RECORDS_0${before.length - 1 + n}`);
      text = withShard(text, env, { ...shard, database_id: `id-${n}` });
    }
    const after = databases(text, env);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toMatchObject([
      { database_name: `reup-dutchie-records-02-${env}`, database_id: "id-0", migrations_dir: "migrations/records" },
      { database_name: `reup-dutchie-records-03-${env}`, database_id: "id-1", migrations_dir: "migrations/records" },
    ]);
    for (const other of ["development", "staging", "production"].filter((each) => each !== env)) {
      expect(databases(text, other)).toEqual(databases(toml, other));
    }
    const lines = new Set(text.split("\n"));
    expect(toml.split("\n").filter((line) => !lines.has(line))).toEqual([]);
  },
);

it("A new database is created in the region that the first ones and the Locations have", () => {
  const hint = /const REGION = "(\w+)"/.exec(readFileSync("src/location/stub.ts", "utf8"))?.[1];
  expect(createArgs(nextShard(toml, "production")).join(" ")).toBe(
    `d1 create reup-dutchie-records-02-production --location ${hint}`,
  );
});
