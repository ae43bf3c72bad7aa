import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import type { StepEnd } from "../../../src/contract/location.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { sendDueStores } from "../../../src/pipeline/chores/due-stores.ts";
import { rows } from "../databases.ts";
import type { Rig } from "../faults/support.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** What Dutchie answers in place of the simulator, by the path; null: as the simulator does. Each request is kept. */
export function answering(rig: Rig, answer: (path: string) => Response | null): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    return answer(pathname) ?? rig.dutchie.app.request(url, init as never);
  });
  return asked;
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
export const page = () => new Response("<!doctype html><p>Sign in</p>", { headers: { "content-type": "text/html" } });

/** Time passes. */
export const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);

/** One tick of cron, and all that comes of it. The ids of the runs it started. */
export async function tick(rig: Rig): Promise<string[]> {
  const ids = async () => {
    const found = await rows<{ run_id: string }>("select run_id from runs where location_id = ?", rig.id);
    return new Set(found.map(({ run_id }) => run_id));
  };
  const before = await ids();
  await sendDueStores(rig.env, Date.now());
  await rig.drain();
  return [...(await ids())].filter((id) => !before.has(id));
}

/** The store is disconnected, and connected again. */
export async function goAndComeBack(location_id: string): Promise<void> {
  const db = accountsDb(env);
  await updateLocation(db, location_id, { deleted_at: Date.now() });
  await locationStub(env, location_id).disconnect();
  await updateLocation(db, location_id, { deleted_at: null });
  await locationStub(env, location_id).configured();
}

export const alarm = (rig: Rig) => runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));

export const firing = async (rig: Rig) =>
  (await rig.status()).active_alerts.map(({ rule, message }) => `${rule}: ${message}`).sort();

/** The end of a step that had no rows. */
export const emptyEnd = (): StepEnd => ({
  started_at: Date.now(),
  clock: null,
  last: null,
  spent: { waited_ms: 0, took_ms: 0 },
  goes_on: null,
});
