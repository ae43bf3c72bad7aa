import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { accountsDb } from "../../../db/databases.ts";
import { configProblems, parseConfig } from "../../../env.ts";
import { json, router } from "../../router.ts";
import { VERSION } from "../../version.ts";

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    version: z.string(),
    checks: z.object({ d1: z.enum(["ok", "failing"]), config: z.enum(["ok", "failing"]) }),
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
  const checks = { d1: await databaseCheck(c.env), config };
  c.header("Cache-Control", "no-store");
  if (checks.d1 === "ok" && checks.config === "ok") {
    return c.json({ status: "ok" as const, version: VERSION, checks }, 200);
  }
  const more = wrong.length === 0 ? {} : { wrong_variables: wrong };
  return c.json({ status: "failing" as const, version: VERSION, checks, ...more }, 503);
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

/** Names only: a value may be a secret. */
function wrongVariables(env: Env): string[] {
  const problems = configProblems(env);
  if (problems.length > 0) return [...new Set(problems.map(({ name }) => name))];
  return parseConfig(env).auth === null ? ["AUTH_JWT_SECRET", "AUTH_JWKS_URL"] : [];
}
