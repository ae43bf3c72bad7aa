import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { accountsDb } from "../../db/records.ts";
import { parseConfig } from "../../env.ts";
import { json, router } from "../router.ts";
import { VERSION } from "../version.ts";

const health = z
  .object({
    status: z.enum(["ok", "failing"]),
    version: z.string(),
    checks: z.object({ d1: z.enum(["ok", "failing"]), config: z.enum(["ok", "failing"]) }),
  })
  .openapi("Health");

const getHealth = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["Service"],
  summary: "Is the service able to work?",
  responses: { 200: json(health, "It works"), 503: json(health, "A part fails") },
});

export const healthRoutes = router().openapi(getHealth, async (c) => {
  const checks = { d1: await databaseCheck(c.env), config: configCheck(c.env) };
  c.header("Cache-Control", "no-store");
  if (checks.d1 === "ok" && checks.config === "ok") {
    return c.json({ status: "ok" as const, version: VERSION, checks }, 200);
  }
  return c.json({ status: "failing" as const, version: VERSION, checks }, 503);
});

async function databaseCheck(env: Env): Promise<"ok" | "failing"> {
  try {
    // A table of ours, not `select 1`: a database without its migrations is no use either.
    await accountsDb(env).run(sql`select 1 from locations limit 1`);
    return "ok";
  } catch {
    return "failing";
  }
}

function configCheck(env: Env): "ok" | "failing" {
  try {
    return parseConfig(env).auth === null ? "failing" : "ok";
  } catch {
    return "failing";
  }
}
