import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { accountsDb, shardsOf } from "../../../db/databases.ts";
import { sizeOf } from "../../../db/shards.ts";
import { type ShardState, shardState } from "../../../domain/shards.ts";
import { configProblems, parseConfig } from "../../../env.ts";
import { inTime } from "../../../platform/alone.ts";
import { rememberedFor } from "../../../platform/remembered.ts";
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
  security: [],
  responses: { 200: json(health, "It works"), 503: json(health, "A part is failing") },
});

export const healthRoutes = router().openapi(getHealth, async (c) => {
  const wrong = wrongVariables(c.env);
  const config = wrong.length === 0 ? ("ok" as const) : ("failing" as const);
  const [d1, states] = await Promise.all([accountsState(c.env), shardStates(c.env)]);
  const checks = { d1, config, shards: worstOf(states) };
  c.header("Cache-Control", "no-store");
  const shards = states.size === 0 ? {} : { shards: Object.fromEntries(states) };
  if (d1 === "ok" && config === "ok" && checks.shards !== "failing") {
    return c.json({ status: "ok" as const, version: VERSION, checks, ...shards }, 200);
  }
  const variables = wrong.length === 0 ? {} : { wrong_variables: wrong };
  return c.json({ status: "failing" as const, version: VERSION, checks, ...shards, ...variables }, 503);
});

/** How long a database's answer counts, ms: anybody may ask, as often as he likes, and a database runs one query at a time. */
const FRESH_MS = 5_000;
/** How long a database may take to answer, ms: monitors wait for some seconds only. */
const PATIENCE_MS = 2_000;

type State = ShardState | "failing";
const remembered = rememberedFor<D1Database, State>(FRESH_MS);

/** The state of a database, asked anew every few seconds; one that does not answer in time is failing. */
const stateOf = (d1: D1Database, ask: () => Promise<State>) =>
  remembered(d1, () => inTime(ask(), PATIENCE_MS).catch(() => "failing" as const));

async function accountsState(env: Env): Promise<"ok" | "failing"> {
  const state = await stateOf(env.DB, async () => {
    // A table of ours, not `select 1`: a database without its migrations does not work either.
    await accountsDb(env).run(sql`select 1 from locations limit 1`);
    return "ok";
  });
  return state === "ok" ? "ok" : "failing";
}

type Trouble = Exclude<State, "ok">;
const TROUBLE: readonly Trouble[] = ["failing", "full", "filling"];
const worstOf = (states: ReadonlyMap<string, Trouble>) =>
  TROUBLE.find((each) => [...states.values()].includes(each)) ?? ("ok" as const);

/** The databases of records that need an operator. */
async function shardStates(env: Env): Promise<Map<string, Trouble>> {
  const ask = async ([shard, d1]: [string, D1Database]) =>
    [shard, await stateOf(d1, async () => shardState(await sizeOf(d1)))] as const;
  const states = await Promise.all([...shardsOf(env)].map(ask));
  return new Map(states.flatMap(([shard, state]) => (state === "ok" ? [] : [[shard, state]])));
}

/** Names only: a value may be a secret. */
function wrongVariables(env: Env): string[] {
  const problems = configProblems(env);
  if (problems.length > 0) return [...new Set(problems.map(({ name }) => name))];
  return parseConfig(env).auth === null ? ["AUTH_JWT_SECRET", "AUTH_JWKS_URL"] : [];
}
