import { createExecutionContext, createMessageBatch, getQueueResult, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MAX_RETRIES } from "../../../src/domain/limits/retries.ts";
import worker from "../../../src/index.ts";
import { sendDueStores } from "../../../src/pipeline/chores/due-stores.ts";
import { rows, withDatabases, write } from "../databases.ts";
import { DEAD_LETTERS, deliver, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** The queues as Cloudflare plays them: delays are kept, retries are counted, and what has used them up is a dead letter. */
class Queues {
  private waiting: { queue: string; body: unknown; attempts: number; due: number }[] = [];
  readonly dead: unknown[] = [];
  deliveries = 0;

  constructor(private readonly rig: Rig) {}

  send(queue: string, body: unknown, due = Date.now()): void {
    this.waiting.push({ queue, body, attempts: 1, due });
  }

  /** Lets time go by until then. */
  async until(end: number, given: () => Env): Promise<void> {
    for (;;) {
      for (const { body, due } of this.rig.queue.splice(0)) this.send(SYNC, body, due);
      const next = this.waiting.sort((a, b) => a.due - b.due)[0];
      if (next === undefined || next.due > end) break;
      this.waiting.shift();
      vi.setSystemTime(Math.max(Date.now(), next.due));
      await this.deliver(next, given());
    }
    vi.setSystemTime(end);
  }

  private async deliver(message: { queue: string; body: unknown; attempts: number; due: number }, given: Env) {
    this.deliveries++;
    const id = `msg_${this.deliveries}`;
    const batch = createMessageBatch(message.queue, [
      { id, timestamp: new Date(), attempts: message.attempts, body: message.body },
    ]);
    let delay_s: number | null = null;
    const [only] = batch.messages;
    if (only === undefined) throw new Error("There is no message.");
    const retry = only.retry.bind(only);
    only.retry = (options) => {
      delay_s = options?.delaySeconds ?? 0;
      retry(options);
    };
    await worker.queue(batch, given);
    await getQueueResult(batch, createExecutionContext());
    if (delay_s === null) return;
    if (message.attempts > MAX_RETRIES) this.dead.push(message.body);
    else this.waiting.push({ ...message, attempts: message.attempts + 1, due: Date.now() + delay_s * 1_000 });
  }
}

/** A D1 that is away while `is` says so. */
function away(given: Env, is: () => boolean, message: string): Env {
  return withDatabases(
    given,
    (d1) =>
      new Proxy(d1, {
        get(target, key) {
          if (is()) throw new Error(message);
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      }),
  );
}

async function synced(): Promise<Rig> {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  return rig;
}

function restock(rig: Rig, quantity: number, event_id: string) {
  const [row] = rig.dutchie.oracle().inventory ?? [];
  if (row === undefined) throw new Error("The simulator has no package.");
  return {
    location_id: rig.id,
    event_id,
    received_at: Date.now(),
    body: {
      type: "inventory.updated",
      occurred_at: new Date().toISOString(),
      data: {
        inventoryId: Number(row.dutchie_inventory_id),
        quantityAvailable: quantity,
        roomQuantities: [{ roomId: 101, room: "Sales Floor", quantityAvailable: quantity }],
      },
    },
  };
}

describe("F67: an outage loses nothing and needs no person", () => {
  it.each([
    [14, "D1_ERROR: D1 DB is overloaded. Requests queued for too long."],
    [60, "D1_ERROR: Network connection lost."],
    [300, "D1_ERROR: internal error; reference = abc"],
    [60, "Durable Object storage is overloaded"],
  ])(
    "F67: after D1 was away for %i minutes (%s) each webhook is applied once, in order, and nothing is a dead letter",
    async (minutes, message) => {
      const rig = await synced();
      const start = Date.now();
      const isAway = () => Date.now() < start + minutes * MINUTE;
      const broken = away(rig.env, isAway, message);
      await rig.withEnv(broken);
      const queues = new Queues(rig);
      const events = [7, 8, 9].map((quantity) => {
        vi.setSystemTime(Date.now() + 1_000);
        return restock(rig, quantity, `evt_outage_${minutes}_${message.length}_${quantity}`);
      });
      // They come in any order, and one comes twice.
      for (const event of [events[2], events[0], events[1], events[0]]) queues.send(WEBHOOKS, event);
      await queues.until(start + (minutes + 25) * MINUTE, () => broken);
      expect(queues.dead).toEqual([]);
      for (const event of events) {
        expect((await rig.location.getEvent(event.event_id))?.outcome).toMatch(/applied|stale/);
      }
      expect(
        await rows(
          "select quantity from inventory where location_id = ? and dutchie_inventory_id = ? and quantity <> 0",
          rig.id,
          String(events[0]?.body.data.inventoryId),
        ),
      ).toEqual([{ quantity: 9 }]);
      const status = await rig.status();
      expect(status.queue).toMatchObject({ pending_events: 0, dead_letters: 0 });
      expect(status.active_alerts).toEqual([]);
    },
  );

  it("F67: if D1 goes away for an hour during a sync, this sync or the next continues, and nothing stays wrong", async () => {
    const rig = await synced();
    const start = Date.now();
    let isAway = false;
    const broken = away(rig.env, () => isAway, "D1_ERROR: Network connection lost.");
    await rig.withEnv(broken);
    const queues = new Queues(rig);
    await rig.start("full");
    isAway = true;
    const location = env.LOCATION.get(env.LOCATION.idFromName(rig.id));
    for (let minute = 0; minute < 180; minute += 15) {
      isAway = minute < 60;
      // The Location's own timer, and cron.
      await runDurableObjectAlarm(location).catch(() => false);
      await sendDueStores(broken, Date.now()).catch(() => null);
      await queues.until(start + (minute + 15) * MINUTE, () => broken);
    }
    expect(queues.dead).toEqual([]);
    expect(await rig.location.currentRun()).toBeNull();
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    const status = await rig.status();
    expect(status).toMatchObject({ state: "idle", active_alerts: [] });
  });
});

describe("F67: a dead letter whose cause passed ends by itself", () => {
  const alerts = (id: string) =>
    rows<{ state: string; message: string }>(
      "select state, message from alerts where location_id = ? and rule = 'dead_letter'",
      id,
    );
  const letters = (id: string) =>
    rows<{ healed_at: number | null }>("select healed_at from dead_letters where location_id = ?", id);

  it("F67: a sync that began later and succeeded ends the dead letter and its alert, and says why", async () => {
    const rig = await synced();
    expect(await deliver(DEAD_LETTERS, [restock(rig, 5, "evt_dead")])).toEqual(["ack"]);
    expect(await alerts(rig.id)).toMatchObject([{ state: "firing" }]);
    expect((await rig.status()).queue.dead_letters).toBe(1);
    // Dutchie's answers lag by up to an hour: a sync within it proves nothing.
    vi.setSystemTime(Date.now() + 30 * MINUTE);
    await rig.start("incremental");
    await rig.drain();
    expect(await alerts(rig.id)).toMatchObject([{ state: "firing" }]);
    vi.setSystemTime(Date.now() + 61 * MINUTE);
    await rig.start("incremental");
    await rig.drain();
    expect(await alerts(rig.id)).toMatchObject([
      { state: "resolved", message: expect.stringContaining("nothing is lost") },
    ]);
    expect((await letters(rig.id))[0]?.healed_at).toBeGreaterThan(0);
    expect(await rig.status()).toMatchObject({ queue: { dead_letters: 0 }, active_alerts: [] });
  });

  it("F67: a dead letter that a sync had already made good raises no alert", async () => {
    const rig = await synced();
    const event = restock(rig, 5, "evt_late");
    vi.setSystemTime(Date.now() + 90 * MINUTE);
    await rig.start("full");
    await rig.drain();
    expect(await deliver(DEAD_LETTERS, [event])).toEqual(["ack"]);
    expect(await alerts(rig.id)).toEqual([]);
    expect((await letters(rig.id))[0]?.healed_at).toBeGreaterThan(0);
  });

  it("F67: a failed sync or another store's sync ends no dead letter; the next sync ends that of a step", async () => {
    const [rig, other] = [await synced(), await synced()];
    await deliver(DEAD_LETTERS, [restock(rig, 5, "evt_alone")]);
    vi.setSystemTime(Date.now() + 90 * MINUTE);
    await other.start("full");
    await other.drain();
    expect((await letters(rig.id))[0]?.healed_at).toBeNull();
    await write("update runs set started_at = ?, state = 'failed' where location_id = ?", Date.now(), rig.id);
    const step = { kind: "step", location_id: rig.id, run_id: "run_1", step: 0 };
    await deliver(DEAD_LETTERS, [step]);
    expect(await letters(rig.id)).toEqual([{ healed_at: null }, { healed_at: null }]);
    expect((await alerts(rig.id)).map(({ state }) => state)).toEqual(["firing", "firing"]);
    await write(
      "update runs set started_at = ?, state = 'completed' where location_id = ?",
      Date.now() + MINUTE,
      rig.id,
    );
    await deliver(DEAD_LETTERS, [{ ...step, step: 1 }]);
    expect((await letters(rig.id)).every(({ healed_at }) => healed_at !== null)).toBe(true);
  });
});
