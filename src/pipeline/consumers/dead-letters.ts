import { sql } from "drizzle-orm";
import { z } from "zod";
import { isOfNewerBuild, syncMessage, webhookMessage } from "../../contract/messages.ts";
import { tellMessage } from "../../contract/telling.ts";
import { accountsDb } from "../../db/databases.ts";
import { findLocation } from "../../db/locations.ts";
import { deadLetters, type LocationRow } from "../../db/schema/accounts.ts";
import { retryDelayS } from "../../domain/limits/retries.ts";
import { configProblems, parseConfig } from "../../env.ts";
import { DEAD_LETTER, healDeadLetters } from "../../location/events/dead-letters.ts";
import { raiseAlert } from "../../location/status/alerts.ts";
import { tellChanged } from "../../location/status/tell-changed.ts";
import { log } from "../../platform/log.ts";
import { openCredentials } from "../../security/credentials.ts";
import { keptMessage } from "./kept-message.ts";
import { logBatch } from "./log-batch.ts";

type Kind = (typeof deadLetters.$inferInsert)["kind"];
interface Verdict {
  queue: "webhooks" | "sync" | "notices";
  kind: Kind;
  reason: string;
}

/**
 * Stores dead letters in D1, where they are shown, raise an alert and can be replayed. The queue alone would delete them.
 */
export async function consumeDeadLetters(batch: MessageBatch, env: Env): Promise<void> {
  const began = Date.now();
  logBatch(batch, began, await storeDeadLetters(batch.messages, env));
}

/** Acknowledges the messages that D1 has stored, retries the others, and returns the number of these. */
export async function storeDeadLetters(messages: readonly Message[], env: Env): Promise<number> {
  let retried = 0;
  for (const message of messages) {
    try {
      await storeDeadLetter(env, message);
      message.ack();
    } catch (error) {
      log("dead_letter_not_stored", { message_id: message.id, cause: error });
      message.retry({ delaySeconds: retryDelayS(message.attempts) });
      retried += 1;
    }
  }
  return retried;
}

async function storeDeadLetter(env: Env, message: Message): Promise<void> {
  const location_id = z.object({ location_id: z.string() }).safeParse(message.body).data?.location_id ?? "";
  const location = await findLocation(accountsDb(env), location_id);
  if (location === null && location_id !== "") {
    // The store was purged: nothing about it is stored.
    log("dead_letter_dropped", { location_id, message_id: message.id });
    return;
  }
  const verdict = await verdictOn(env, message.body, location);
  const row = {
    dead_letter_id: message.id,
    retailer_id: location?.retailer_id ?? "",
    location_id,
    ...verdict,
    // As JSON text by hand: the body may be anything, `null` too.
    body: sql`${JSON.stringify(keptMessage(message.body))}`,
    at: message.timestamp.getTime(),
  };
  await accountsDb(env).insert(deadLetters).values(row).onConflictDoNothing();
  if (location === null) {
    // It is of no retailer, and so has no alert: the operators see it in the log.
    if (verdict.kind === "system") log("dead_letter_of_no_store", { message_id: message.id, queue: verdict.queue });
    return;
  }
  // A dead letter that a user caused is only shown.
  if (verdict.kind === "system") await alertOf(env, location, { id: message.id, ...verdict });
  await tellChanged(env, [location_id]);
}

/** Raises the alert of a dead letter that is our fault, unless a later sync has healed it. */
async function alertOf(env: Env, location: LocationRow, letter: Verdict & { id: string }): Promise<void> {
  const now = Date.now();
  const healed = await healDeadLetters(env, location.location_id, now);
  if (healed.has(letter.id)) return;
  const alert = { rule: DEAD_LETTER, subject: letter.queue, severity: "critical", message: letter.reason } as const;
  await raiseAlert({ env, location, now }, alert);
}

/** By what no other kind of message has. */
function queueOf(body: unknown): Verdict["queue"] {
  const has = (key: string) => typeof body === "object" && body !== null && Object.hasOwn(body, key);
  return has("kind") ? "sync" : has("subscription_id") ? "notices" : "webhooks";
}

/** The alert tells it to a manager, by e-mail and in Slack too. */
const AGAIN = "Send it again in the inbox. If it fails once more, tell ReUp's support.";

async function verdictOn(env: Env, body: unknown, location: LocationRow | null): Promise<Verdict> {
  if (isOfNewerBuild(body)) {
    const reason =
      "A newer version of the Worker sent this message. Deploy that version again, then replay the message.";
    return { queue: queueOf(body), kind: "system", reason };
  }
  const sync = syncMessage.safeParse(body);
  const isSync = sync.success;
  const queue = isSync ? "sync" : "webhooks";
  const isTelling = !isSync && tellMessage.safeParse(body).success;
  if (isTelling) {
    const reason =
      "Changes could not be sent to a receiver after all retries. When it works again, send them again in the inbox.";
    return { queue: "notices", kind: "system", reason };
  }
  if (!isSync && !webhookMessage.safeParse(body).success)
    return { queue, kind: "data", reason: "The message cannot be read." };
  if (sync.data?.kind === "reseal")
    return {
      queue,
      kind: "system",
      reason: "Secrets could not be sealed with the newest key after all retries. The next night tries again.",
    };
  if (location === null || location.deleted_at !== null) {
    return { queue, kind: "config", reason: "The store is no longer connected." };
  }
  // A Worker that is not configured has no keys; its dead letters are stored without this check.
  const ring = configProblems(env).length > 0 ? null : parseConfig(env).credential_keys;
  if (isSync && ring && !(await openCredentials(ring, location.location_id, location.credentials)).ok) {
    return {
      queue,
      kind: "auth",
      reason: "The stored API key cannot be opened with the Worker's keys; enter it again.",
    };
  }
  const reason = isSync ? "A step of a sync could not be processed" : "A webhook could not be applied";
  return { queue, kind: "system", reason: `${reason} after all retries. ${AGAIN}` };
}
