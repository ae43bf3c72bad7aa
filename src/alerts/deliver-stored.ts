import { accountsDb } from "../db/databases.ts";
import { markFailed, markSent } from "../db/queries/alert-channels.ts";
import type { AlertChannelRow } from "../db/schema/accounts.ts";
import { parseConfig } from "../env.ts";
import { log } from "../platform/log.ts";
import { deliver } from "./deliver.ts";
import type { Delivery } from "./delivery.ts";
import type { Notice } from "./notice.ts";
import { openChannel } from "./sealed.ts";

const UNOPENED: Delivery = {
  ok: false,
  error: {
    code: "UNOPENED",
    message: "The stored target cannot be opened with the Worker's keys.",
    hint: "Enter the target again.",
  },
  final: true,
  retry_after_ms: null,
};

/** Sends one notice to a channel, once; the channel shows how it went. */
export async function deliverStored(env: Env, channel: AlertChannelRow, notice: Notice): Promise<Delivery> {
  const secrets = await openChannel(parseConfig(env).credential_keys, channel);
  const delivery = secrets === null ? UNOPENED : await deliver(env, { ...channel, ...secrets }, notice, Date.now());
  await mark(env, channel.channel_id, delivery);
  return delivery;
}

/** Never throws: a delivered notice must not be sent again because this could not be stored. */
async function mark(env: Env, channel_id: string, delivery: Delivery): Promise<void> {
  const db = accountsDb(env);
  try {
    if (delivery.ok) await markSent(db, channel_id, Date.now());
    else await markFailed(db, channel_id, delivery.error, Date.now());
  } catch (error) {
    log("delivery_not_marked", { channel_id, cause: error });
  }
}
