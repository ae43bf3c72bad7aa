import { createRoute, z } from "@hono/zod-openapi";
import { sql } from "drizzle-orm";
import { accountsDb, shardsOf } from "../../../db/databases.ts";
import { shards } from "../../../db/schema/accounts.ts";
import { FULL_ACCOUNTS_BYTES, FULL_SHARD_BYTES } from "../../../domain/bounds.ts";
import { notReady, overdueSince, QUEUES } from "../../../domain/readiness.ts";
import { iso, isoOrNull } from "../../../domain/values/iso.ts";
import { configProblems, parseConfig } from "../../../env.ts";
import { inTime } from "../../../platform/alone.ts";
import { rememberedFor } from "../../../platform/remembered.ts";
import { json, router } from "../../router.ts";
import { VERSION } from "../../version.ts";

const time = z.iso.datetime().nullable();

const readiness = z
  .object({
    status: z.enum(["ok", "failing"]),
    not_ready: z.array(z.enum(["config", "database", "schedule", "overdue", "host"])).openapi({
      description:
        "What is failing: variables, the database of accounts, schedules that do not run, stores that no schedule calls, or an address other than PUBLIC_URL",
    }),
    version: z.string(),
    commit: z.string().nullable().openapi({ description: "The commit that was deployed; null: not known" }),
    last_tick_at: time.openapi({ description: "The last sign of the schedules, which comes every 15 minutes" }),
    overdue_since: time.openapi({
      description: "Since when a store waits for a schedule to call it; null: none waits",
    }),
    queues: z.record(z.string(), z.object({ waiting: z.number(), oldest_at: time }).nullable()).openapi({
      description: "What waits in each queue, and since when the oldest; null: the queue did not say",
    }),
    databases: z
      .record(z.string(), z.object({ bytes: z.number(), free_bytes: z.number() }))
      .openapi({ description: "The size of each database, and how much it still takes" }),
    mail: z.enum(["set_up", "not_set_up"]).openapi({ description: "Whether alerts can go out by e-mail" }),
  })
  .openapi("Readiness");

const getReadiness = createRoute({
  method: "get",
  path: "/readyz",
  tags: ["Service"],
  summary: "Does the service do its work?",
  security: [],
  responses: { 200: json(readiness, "It does"), 503: json(readiness, "It does not, or not all of it") },
});

export const readinessRoutes = router().openapi(getReadiness, async (c) => {
  const now = Date.now();
  const { work, queues } = await workOf(c.env);
  const config = configProblems(c.env).length === 0 ? parseConfig(c.env) : null;
  const reasons = notReady(
    {
      is_deployed: c.env.ENVIRONMENT !== "development",
      is_configured: config !== null && config.auth !== null,
      work,
      host: new URL(c.req.url).host,
      public_host: config === null ? null : new URL(config.public_url).host,
    },
    now,
  );
  c.header("Cache-Control", "no-store");
  const answer = {
    not_ready: reasons,
    version: VERSION,
    commit: c.env.VERSION_METADATA.tag || null,
    last_tick_at: isoOrNull(work?.last_tick_at ?? null),
    overdue_since: isoOrNull(overdueSince(work?.next_due_at ?? null, now)),
    queues,
    databases: work?.databases ?? {},
    mail: config?.alert_email_from == null ? ("not_set_up" as const) : ("set_up" as const),
  };
  return reasons.length === 0
    ? c.json({ status: "ok" as const, ...answer }, 200)
    : c.json({ status: "failing" as const, ...answer }, 503);
});

/** How long an answer counts, ms: anybody may ask, as often as he likes. */
const FRESH_MS = 10_000;
/** How long a database or a queue may take, ms: monitors wait for some seconds only. */
const PATIENCE_MS = 2_000;

type Work = Awaited<ReturnType<typeof readWork>>;
interface Known {
  work: Work | null;
  queues: Awaited<ReturnType<typeof readQueues>>;
}
const remembered = rememberedFor<D1Database, Known>(FRESH_MS);

/** What databases and queues say, asked anew every few seconds. */
const workOf = (env: Env) =>
  remembered(env.DB, async () => {
    const [work, queues] = await Promise.all([inTime(readWork(env), PATIENCE_MS).catch(() => null), readQueues(env)]);
    return { work, queues };
  });

async function readWork(env: Env) {
  const db = accountsDb(env);
  const [{ results, meta }, measured] = await Promise.all([
    db.run(sql`select min(wake_at) as next_due_at from locations where deleted_at is null`),
    db.select().from(shards),
  ]);
  const [row] = results as { next_due_at: number | null }[];
  const bound = measured.filter(({ shard }) => shardsOf(env).has(shard));
  const sized = (bytes: number, most: number) => ({ bytes, free_bytes: Math.max(0, most - bytes) });
  return {
    last_tick_at: bound.length === 0 ? null : Math.max(...bound.map(({ checked_at }) => checked_at)),
    next_due_at: row?.next_due_at ?? null,
    databases: {
      accounts: sized(meta.size_after, FULL_ACCOUNTS_BYTES),
      ...Object.fromEntries(bound.map(({ shard, bytes }) => [shard, sized(bytes, FULL_SHARD_BYTES)])),
    },
  };
}

async function readQueues(env: Env) {
  const asked = QUEUES.map(async (binding) => {
    const name = binding.toLowerCase();
    const said = await inTime(env[binding].metrics(), PATIENCE_MS).catch(() => null);
    if (said === null) return [name, null] as const;
    const oldest = said.backlogCount === 0 ? undefined : said.oldestMessageTimestamp;
    return [
      name,
      { waiting: said.backlogCount, oldest_at: oldest === undefined ? null : iso(Number(oldest)) },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}
