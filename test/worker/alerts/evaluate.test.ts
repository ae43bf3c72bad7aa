import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, expect, it, vi } from "vitest";
import type { AlertMessage } from "../../../src/contract/messages.ts";
import { accountsDb } from "../../../src/db/databases.ts";
import { updateLocation } from "../../../src/db/locations.ts";
import { alerts } from "../../../src/db/schema/accounts.ts";
import { DEFAULT_SETTINGS } from "../../../src/domain/settings.ts";
import { Rig } from "../faults/support.ts";
import { saveChannels, takenQueue } from "./support.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A store whose retailer has one channel; its notices wait in the queue. */
async function watched(): Promise<{ rig: Rig; queue: AlertMessage[] }> {
  vi.useFakeTimers({ toFake: ["Date"] });
  const rig = await Rig.open();
  await saveChannels("ret_1", [{ kind: "webhook", target: "https://hooks.example.com", enabled: true }]);
  // The channel was there before anything happens: the API goes by the real clock, which runs on.
  vi.setSystemTime(Date.now() + 60_000);
  const { bindings, queue } = takenQueue();
  await rig.withEnv({ ...rig.env, ALERTS: bindings.ALERTS });
  return { rig, queue };
}

const notified = (queue: AlertMessage[]) => queue.splice(0).map(({ notice }) => [notice.rule, notice.kind]);
const firing = async (rig: Rig) => (await rig.status()).active_alerts.map(({ rule }) => rule);
const alarm = (rig: Rig) => runDurableObjectAlarm(env.LOCATION.get(env.LOCATION.idFromName(rig.id)));

it("a long run notifies while it goes on, and its end notifies again", async () => {
  const { rig, queue } = await watched();
  const settings = { ...DEFAULT_SETTINGS, alerts: { ...DEFAULT_SETTINGS.alerts, max_duration_seconds: 60 } };
  await updateLocation(accountsDb(env), rig.id, { settings });
  await rig.start("initial");
  expect([await firing(rig), notified(queue)]).toEqual([[], []]);

  vi.setSystemTime(Date.now() + 100_000);
  expect(await alarm(rig)).toBe(true);
  expect(await rig.location.currentRun()).not.toBeNull();
  expect([await firing(rig), notified(queue)]).toEqual([["long_duration"], [["long_duration", "fired"]]]);
  // A second evaluation keeps one alert and one notice.
  vi.setSystemTime(Date.now() + 100_000);
  await alarm(rig);
  expect([await firing(rig), notified(queue)]).toEqual([["long_duration"], []]);

  await rig.drain();
  expect((await rig.status()).last_run?.state).toBe("completed");
  expect([await firing(rig), notified(queue)]).toEqual([[], [["long_duration", "resolved"]]]);
});

it("a failed sync notifies once however often it fails, and the next success ends the alert", async () => {
  const { rig, queue } = await watched();
  await rig.start("initial");
  await rig.drain();
  expect([await firing(rig), notified(queue)]).toEqual([[], []]);

  const { apiKey } = rig.dutchie.config;
  rig.dutchie.config.apiKey = "another-key";
  for (let time = 0; time < 2; time++) {
    await rig.start("full");
    await rig.drain();
  }
  expect([await firing(rig), notified(queue)]).toEqual([["sync_failed"], [["sync_failed", "fired"]]]);
  const [row] = await accountsDb(env).select().from(alerts).where(eq(alerts.location_id, rig.id));
  expect(row).toMatchObject({ severity: "critical", message: expect.stringContaining("API key") });

  rig.dutchie.config.apiKey = apiKey;
  await rig.start("full");
  await rig.drain();
  expect([await firing(rig), notified(queue)]).toEqual([[], [["sync_failed", "resolved"]]]);
});
