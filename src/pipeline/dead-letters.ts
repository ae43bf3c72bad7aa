import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { inList } from "../db/bulk.ts";
import { findLocation } from "../db/locations.ts";
import { accountsDb } from "../db/records.ts";
import { deadLetters, type LocationRow } from "../db/schema.ts";
import { retryDelayS } from "../domain/retries.ts";
import { redact } from "../dutchie/redact.ts";
import { parseConfig } from "../env.ts";
import { causeOf } from "../failures.ts";
import { raiseAlert, resolveAlert } from "../location/alerts.ts";
import { openCredentials } from "../security/credentials.ts";
import { syncMessage, webhookMessage } from "./messages.ts";

type Kind = (typeof deadLetters.$inferInsert)["kind"];
interface Verdict {
  queue: "webhooks" | "sync";
  kind: Kind;
  reason: string;
}

/** The dead-letter queue ends in D1, where a message is seen, alerted on and replayed; without this it would be deleted. */
export async function consumeDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  for (const message of batch.messages) {
    try {
      await bury(env, message);
      message.ack();
    } catch (error) {
      console.error({ message: "dead letter not stored, will retry", id: message.id, cause: causeOf(error) });
      message.retry({ delaySeconds: retryDelayS(message.attempts) });
    }
  }
}

async function bury(env: Env, message: Message): Promise<void> {
  const location_id = z.object({ location_id: z.string() }).safeParse(message.body).data?.location_id ?? "";
  const location = await findLocation(accountsDb(env), location_id);
  const verdict = await judge(env, message.body, location);
  const row = {
    dead_letter_id: message.id,
    retailer_id: location?.retailer_id ?? "",
    location_id,
    ...verdict,
    // As JSON text by hand: the body may be anything, `null` too.
    body: sql`${JSON.stringify(redact(message.body) ?? null)}`,
    at: message.timestamp.getTime(),
  };
  await accountsDb(env).insert(deadLetters).values(row).onConflictDoNothing();
  // What a user causes is shown; only what is our fault pages somebody.
  if (verdict.kind !== "system" || location === null) return;
  const alert = { rule: RULE, subject: verdict.queue, severity: "critical", message: verdict.reason } as const;
  await raiseAlert(env, location, alert, Date.now());
}

const RULE = "dead_letter";

/** These were put back or forgotten: the alert of a store's queue is over when none of ours is left there. */
export async function endDeadLetterAlerts(
  env: Env,
  gone: readonly { location_id: string; queue: string }[],
  now: number,
): Promise<void> {
  const queues = new Map(gone.map(({ location_id, queue }) => [`${location_id} ${queue}`, { location_id, queue }]));
  const location_ids = new Set(gone.map(({ location_id }) => location_id));
  const left = await accountsDb(env)
    .selectDistinct({ location_id: deadLetters.location_id, queue: deadLetters.queue })
    .from(deadLetters)
    .where(and(eq(deadLetters.kind, "system"), inList(deadLetters.location_id, location_ids)));
  for (const { location_id, queue } of left) queues.delete(`${location_id} ${queue}`);
  for (const { location_id, queue } of queues.values()) {
    await resolveAlert(env, location_id, { rule: RULE, subject: queue }, now);
  }
}

async function judge(env: Env, body: unknown, location: LocationRow | null): Promise<Verdict> {
  const isSync = syncMessage.safeParse(body).success;
  const queue = isSync ? "sync" : "webhooks";
  if (!isSync && !webhookMessage.safeParse(body).success)
    return { queue, kind: "data", reason: "The message is not understood." };
  if (location === null || location.deleted_at !== null) {
    return { queue, kind: "config", reason: "The store is not connected any more." };
  }
  const { credential_keys } = parseConfig(env);
  if (isSync && !(await openCredentials(credential_keys, location.location_id, location.credentials)).ok) {
    return {
      queue,
      kind: "auth",
      reason: "The stored API key cannot be opened with the Worker's keys; enter it again.",
    };
  }
  const reason = isSync ? "A step of a sync could not be processed" : "A webhook could not be applied";
  return { queue, kind: "system", reason: `${reason} after all retries; replay it once the cause is mended.` };
}
