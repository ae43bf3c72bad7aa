import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { accountsDb, shardsOf } from "../../../db/databases.ts";
import { sizeOf } from "../../../db/shards.ts";
import { type ShardState, shardState } from "../../../domain/shards.ts";
import { configProblems, parseConfig } from "../../../env.ts";
import { json, router } from "../../router.ts";
import { VERSION } from "../../version.ts";

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    version: z.string(),
    checks: z.object({
      d1: z.enum(["ok", "failing"]),
      config: z.enum(["ok", "failing"]),
      shards: z
        .enum(["ok", "filling", "full", "failing"])
        .openapi({ description: "The worst of the databases of records. `full`: no store can be connected" }),
    }),
    shards: z
      .record(z.string(), z.enum(["filling", "full", "failing"]))
      .optional()
      .openapi({ description: "The databases of records that need an operator" }),
    wrong_variables: z
      .array(z.string())
      .optional()
      .openapi({ description: "Names of the variables that are wrong, if `config` fails" }),
  })
  .openapi("Health");

const getHealth = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["Service"],
  summary: "Is the service able to work?",
  responses: { 200: json(health, "It works"), 503: json(health, "A part is failing") },
});

export const healthRoutes = router().openapi(getHealth, async (c) => {
  const wrong = wrongVariables(c.env);
  const config = wrong.length === 0 ? ("ok" as const) : ("failing" as const);
  const [d1, states] = await Promise.all([databaseCheck(c.env), shardStates(c.env)]);
  const checks = { d1, config, shards: worstOf(states) };
  c.header("Cache-Control", "no-store");
  const shards = states.size === 0 ? {} : { shards: Object.fromEntries(states) };
  if (d1 === "ok" && config === "ok" && checks.shards !== "failing") {
    return c.json({ status: "ok" as const, version: VERSION, checks, ...shards }, 200);
  }
  const variables = wrong.length === 0 ? {} : { wrong_variables: wrong };
  return c.json({ status: "failing" as const, version: VERSION, checks, ...shards, ...variables }, 503);
});

async function databaseCheck(env: Env): Promise<"ok" | "failing"> {
  try {
    // A table of ours, not `select 1`: a database without its migrations does not work either.
    await accountsDb(env).run(sql`select 1 from locations limit 1`);
    return "ok";
  } catch {
    return "failing";
  }
}

type Trouble = Exclude<ShardState, "ok"> | "failing";
const TROUBLE: readonly Trouble[] = ["failing", "full", "filling"];
const worstOf = (states: ReadonlyMap<string, Trouble>) =>
  TROUBLE.find((each) => [...states.values()].includes(each)) ?? ("ok" as const);

/** The databases of records that need an operator, as they are now. */
async function shardStates(env: Env): Promise<Map<string, Trouble>> {
  const states = await Promise.all([...shardsOf(env)].map(async ([shard, d1]) => [shard, await stateOf(d1)] as const));
  return new Map(states.flatMap(([shard, state]) => (state === "ok" ? [] : [[shard, state]])));
}

async function stateOf(d1: D1Database): Promise<ShardState | "failing"> {
  try {
    return shardState(await sizeOf(d1));
  } catch {
    return "failing";
  }
}

/** Names only: a value may be a secret. */
function wrongVariables(env: Env): string[] {
  const problems = configProblems(env);
  if (problems.length > 0) return [...new Set(problems.map(({ name }) => name))];
  return parseConfig(env).auth === null ? ["AUTH_JWT_SECRET", "AUTH_JWKS_URL"] : [];
}
