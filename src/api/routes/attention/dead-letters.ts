import { createRoute, z } from "@hono/zod-openapi";
import { filterText, listOf, onlyReason, pageQuery } from "../../../contract/http/common.ts";
import { deadLetter, wholeDeadLetter } from "../../../contract/http/dead-letters.ts";
import { accountsDb } from "../../../db/databases.ts";
import {
  type DeadLetterRow,
  type DeadLetterSummary,
  findDeadLetter,
  listDeadLetters,
  listDeadLettersWhole,
} from "../../../db/queries/list-dead-letters.ts";
import { type Settling, settleDeadLetters } from "../../../db/queries/settled-items.ts";
import type { Decider } from "../../../domain/records/change.ts";
import { iso, isoOrNull } from "../../../domain/values/iso.ts";
import { endDeadLetterAlerts } from "../../../location/events/dead-letters.ts";
import { tellChanged } from "../../../location/status/tell-changed.ts";
import { keptMessage } from "../../../pipeline/consumers/kept-message.ts";
import { decodeCursor, toPage } from "../../answers/cursor.ts";
import { notFound } from "../../errors.ts";
import { deciderOf } from "../../requests/caller.ts";
import type { AppContext } from "../../requests/context.ts";
import { storesAsked } from "../../requests/store-of.ts";
import { commonErrors, json, router, secured, writeErrors } from "../../router.ts";

const tags = ["Putting things right"];
const path = z.object({ dead_letter_id: z.string() });
/** How many messages one request replays; the caller asks again while `remaining` is true. D1 binds 100 parameters. */
const REPLAY_AT_ONCE = 90;

/** Why; a body is not needed. */
const body = { required: false, content: { "application/json": { schema: onlyReason } } };

const list = createRoute({
  method: "get",
  path: "/v1/dead-letters",
  tags,
  summary: "Messages that failed all their retries (manager)",
  ...secured("manager"),
  request: { query: pageQuery.extend({ location_id: filterText }) },
  responses: { 200: json(listOf(deadLetter), "Dead letters"), ...commonErrors() },
});

const get = createRoute({
  method: "get",
  path: "/v1/dead-letters/{dead_letter_id}",
  tags,
  summary: "One dead letter with its message, without customers' data (manager)",
  ...secured("manager"),
  request: { params: path },
  responses: { 200: json(wholeDeadLetter, "The dead letter"), ...commonErrors() },
});

const replay = createRoute({
  method: "post",
  path: "/v1/dead-letters/{dead_letter_id}/replay",
  tags,
  summary: "Replay a dead letter: put it back into its queue (manager)",
  ...secured("manager"),
  request: { params: path, body },
  responses: {
    202: json(z.object({ replayed: z.int(), remaining: z.boolean() }), "It is queued again"),
    ...writeErrors(),
  },
});

const replayAll = createRoute({
  method: "post",
  path: "/v1/dead-letters/replay",
  tags,
  summary: `Replay all dead letters, up to ${REPLAY_AT_ONCE} per request (manager)`,
  ...secured("manager"),
  request: { body },
  responses: {
    202: json(z.object({ replayed: z.int(), remaining: z.boolean() }), "They are queued again"),
    ...writeErrors(),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/dead-letters/{dead_letter_id}",
  tags,
  summary: "Delete a dead letter (manager)",
  ...secured("manager"),
  request: { params: path, query: onlyReason },
  responses: { 204: { description: "It is deleted" }, ...writeErrors() },
});

export const deadLetterRoutes = router()
  .openapi(list, async (c) => {
    const { limit, cursor, location_id } = c.req.valid("query");
    const after = decodeCursor(z.tuple([z.string()]), cursor, c.req.path)?.[0] ?? null;
    const rows = await listDeadLetters(accountsDb(c.env), await storesAsked(c, location_id), {
      after,
      limit: limit + 1,
    });
    return c.json(
      toPage(rows.map(toJson), { limit, list: c.req.path }, (row) => [row.dead_letter_id]),
      200,
    );
  })
  .openapi(get, async (c) => {
    const row = await findLetter(c, c.req.valid("param").dead_letter_id);
    return c.json({ ...toJson(row), body: keptMessage(row.body) }, 200);
  })
  .openapi(replayAll, async (c) => {
    const rows = await listDeadLettersWhole(accountsDb(c.env), c.var.caller, {
      after: null,
      limit: REPLAY_AT_ONCE + 1,
    });
    const batch = rows.slice(0, REPLAY_AT_ONCE);
    await putBackLetters(c, batch, deciderOf(c.var.caller, c.req.valid("json").reason));
    return c.json({ replayed: batch.length, remaining: rows.length > batch.length }, 202);
  })
  .openapi(replay, async (c) => {
    const row = await findLetter(c, c.req.valid("param").dead_letter_id);
    await putBackLetters(c, [row], deciderOf(c.var.caller, c.req.valid("json").reason));
    return c.json({ replayed: 1, remaining: false }, 202);
  })
  .openapi(remove, async (c) => {
    const row = await findLetter(c, c.req.valid("param").dead_letter_id);
    await deleteLetters(c, [row], deciderOf(c.var.caller, c.req.valid("query").reason));
    return c.body(null, 204);
  });

export async function findLetter(c: AppContext, id: string): Promise<DeadLetterRow> {
  const row = await findDeadLetter(accountsDb(c.env), c.var.caller, id);
  if (row === null) throw notFound("dead letter");
  return row;
}

/** Sent first, deleted after: a crash in between sends a message twice, which applies once. */
export async function putBackLetters(c: AppContext, rows: DeadLetterRow[], who: Decider): Promise<void> {
  const queues: Record<string, Queue> = { webhooks: c.env.WEBHOOKS, notices: c.env.NOTICES };
  for (const { queue, body } of rows) await (queues[queue] ?? c.env.CHORES).send(keptMessage(body));
  if (rows.length > 0) await settleLetters(c, rows, { action: "replay", ...who });
}

export const deleteLetters = (c: AppContext, rows: DeadLetterRow[], who: Decider): Promise<void> =>
  settleLetters(c, rows, { action: "delete", ...who });

async function settleLetters(c: AppContext, rows: DeadLetterRow[], decision: Omit<Settling, "now">): Promise<void> {
  const now = c.var.deps.now();
  const ids = rows.map((row) => row.dead_letter_id);
  await settleDeadLetters(accountsDb(c.env), ids, { ...decision, now });
  await endDeadLetterAlerts(c.env, rows, now);
  await tellChanged(
    c.env,
    rows.map((row) => row.location_id),
  );
}

const toJson = ({ retailer_id: _, ...row }: DeadLetterSummary) => ({
  ...row,
  at: iso(row.at),
  healed_at: isoOrNull(row.healed_at),
});
