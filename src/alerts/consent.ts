import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { ProblemJson } from "../contract/http/common.ts";
import { accountsDb } from "../db/databases.ts";
import { emailConsents } from "../db/schema/accounts.ts";
import { toHex } from "../domain/values/hex.ts";
import { parseConfig } from "../env.ts";
import { open, seal } from "../security/seal.ts";
import { emailFailure } from "./failures.ts";

/** Before the first alert, the recipient gets a mail with a link and agrees on the page that it opens. */

const DAY_MS = 24 * 60 * 60_000;
/** How long a link is valid: over a weekend. */
const LINK_MS = 3 * DAY_MS;
/** Such mails in a day: nobody is pestered in a retailer's name, and no retailer's account sends mail in bulk. */
const ASKS_OF_AN_ADDRESS = 3;
const ASKS_OF_A_RETAILER = 30;
/** An address that has not agreed by then is deleted. */
const FORGOTTEN_MS = 30 * DAY_MS;

const link = z.object({ retailer_id: z.string(), address_hash: z.string(), until: z.number() });
export type Link = z.infer<typeof link>;

const OWNER = "link";

export async function hasConsent(env: Env, retailer_id: string, address: string): Promise<boolean> {
  const row = await find(env, retailer_id, await hashOf(address));
  return row !== null && row.confirmed_at !== null;
}

export async function wasAsked(env: Env, retailer_id: string, address: string): Promise<boolean> {
  return (await find(env, retailer_id, await hashOf(address))) !== null;
}

/** Sends the mail with the link. null: it is sent. */
export async function askConsent(env: Env, retailer_id: string, to: string, now: number): Promise<ProblemJson | null> {
  const { alert_email_from: from, credential_keys, public_url } = parseConfig(env);
  if (from === null || env.EMAIL === undefined) {
    const hint = "Set ALERT_EMAIL_FROM and the EMAIL binding on the Worker.";
    return { code: "NOT_SET_UP", message: "E-mail is not set up on this server.", hint };
  }
  const address_hash = await hashOf(to);
  if (!(await mayAsk(env, retailer_id, address_hash, now))) {
    const hint = "Find the mail that was sent, perhaps among spam, or try again tomorrow.";
    return { code: "ASKED_OFTEN", message: "The recipient was asked often enough today.", hint };
  }
  const wanted: Link = { retailer_id, address_hash, until: now + LINK_MS };
  const token = await seal(credential_keys, "email_consent", OWNER, JSON.stringify(wanted));
  try {
    await env.EMAIL.send({
      from: { name: "ReUp – Dutchie", email: from },
      to,
      subject: "Do you agree to get ReUp's alerts at this address?",
      // No text of the sender's own: it would let anybody write to any address.
      text: [
        "Somebody who manages stores in ReUp wants to send alerts about their syncs to this address.",
        `To agree, open this link within three days and confirm:\n${public_url}/consent/email?token=${token}`,
        "If you did not expect this, do nothing: ReUp will send no alerts.",
      ].join("\n\n"),
    });
    return null;
  } catch (error) {
    const failed = emailFailure(error);
    return failed.ok ? null : failed.error;
  }
}

/** Whether one more mail may be sent. One statement counts and writes, so that requests at one moment share the bounds. */
async function mayAsk(env: Env, retailer_id: string, address_hash: string, now: number): Promise<boolean> {
  const db = accountsDb(env);
  await db.run(sql`delete from ${emailConsents} where ${emailConsents.retailer_id} = ${retailer_id}
    and ${emailConsents.confirmed_at} is null and ${emailConsents.asked}->>'$[#-1]' < ${now - FORGOTTEN_MS}`);
  const day = now - DAY_MS;
  const written = await db.run(sql`
    insert into email_consents (retailer_id, address_hash, asked, confirmed_at)
    select ${retailer_id}, ${address_hash}, json_array(${now}), null
    from (
      select count(*) as by_retailer, count(*) filter (where c.address_hash = ${address_hash}) as of_address
      from email_consents c, json_each(c.asked) ask where c.retailer_id = ${retailer_id} and ask.value > ${day}
    )
    where of_address < ${ASKS_OF_AN_ADDRESS} and by_retailer < ${ASKS_OF_A_RETAILER}
    on conflict (retailer_id, address_hash) do update set asked = json_insert(
      (select json_group_array(ask.value) from json_each(email_consents.asked) ask where ask.value > ${day}), '$[#]', ${now})`);
  return written.meta.changes > 0;
}

/** The content of a link; null: it is not ours, or too old. */
export async function readLink(env: Env, token: string, now: number): Promise<Link | null> {
  const opened = await open(parseConfig(env).credential_keys, "email_consent", OWNER, token);
  if (!opened.ok) return null;
  const read = link.parse(JSON.parse(opened.plaintext));
  return read.until > now ? read : null;
}

export async function confirm(env: Env, { retailer_id, address_hash }: Link, now: number): Promise<void> {
  await accountsDb(env)
    .update(emailConsents)
    .set({ confirmed_at: sql`coalesce(${emailConsents.confirmed_at}, ${now})` })
    .where(and(eq(emailConsents.retailer_id, retailer_id), eq(emailConsents.address_hash, address_hash)));
}

async function find(env: Env, retailer_id: string, address_hash: string) {
  const [row] = await accountsDb(env)
    .select()
    .from(emailConsents)
    .where(and(eq(emailConsents.retailer_id, retailer_id), eq(emailConsents.address_hash, address_hash)));
  return row ?? null;
}

/** In practice, upper and lower case are one mailbox. */
async function hashOf(address: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(address.toLowerCase()));
  return toHex(new Uint8Array(digest));
}
