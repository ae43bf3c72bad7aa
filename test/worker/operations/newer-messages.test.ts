import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import worker from "../../../src/index.ts";
import { call, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { DEAD_LETTERS, deliver, Rig } from "../faults/support.ts";

const v = MESSAGE_VERSION + 1;
let rig: Rig;
beforeEach(async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  vi.spyOn(console, "error").mockImplementation(() => {});
  rig = await Rig.open({ size: 10 });
});

/** Of each queue, a message that this build could read if it did not say that it is newer. */
const newer = (): [queue: string, body: object][] => {
  const location_id = rig.id;
  const event = {
    type: "inventory.updated",
    data: { inventoryId: 7, productId: 8, quantityAvailable: 3, room: "Vault" },
  };
  const facts = { rule: "stale", severity: "critical", message: "Late", started_at: 1, resolved_at: null };
  return [
    ["webhooks", { v, location_id, event_id: `evt_${location_id}`, received_at: Date.now(), body: event }],
    ["sync", { v, kind: "start", location_id, at: Date.now() }],
    ["imports", { v, kind: "step", location_id, run_id: "run_1", step: 0 }],
    ["slow", { v, kind: "push", location_id }],
    ["chores", { v, kind: "teleport", location_id, whither: "02" }],
    [
      "alerts",
      { v, channel_id: "chn_1", notice: { notice_id: "n", kind: "fired", alert_id: "a", location_id, ...facts } },
    ],
    ["notices", { v, location_id, subscription_id: "sub_1" }],
  ];
};

/** What became of a message, and after how long it comes again, s. */
async function delivered(queue: string, body: object, attempts: number) {
  const batch = createMessageBatch(`reup-dutchie-${queue}-development`, [
    { id: "msg_1", timestamp: new Date(), attempts, body },
  ]);
  const [message] = batch.messages;
  if (message === undefined) throw new Error("There is no message.");
  const after_s: number[] = [];
  const retry = message.retry.bind(message);
  message.retry = (options) => {
    after_s.push(options?.delaySeconds ?? 0);
    retry(options);
  };
  await worker.queue(batch, env);
  const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
  return { acked: explicitAcks, after_s };
}

describe("a message of a newer build, after a rollback", () => {
  it("comes again in every queue, later and later, and changes nothing", async () => {
    for (const [queue, body] of newer()) {
      const waits = [];
      for (const attempts of [1, 4, 50]) {
        const { acked, after_s } = await delivered(queue, body, attempts);
        expect([queue, acked, after_s.length]).toEqual([queue, [], 1]);
        waits.push(after_s[0] ?? 0);
      }
      expect([queue, (waits[0] ?? 0) > 0, (waits[1] ?? 0) > (waits[0] ?? 0)]).toEqual([queue, true, true]);
    }
    expect(await rig.location.getEvent(`evt_${rig.id}`)).toBeNull();
    expect(await rig.location.currentRun()).toBeNull();
    expect(await rows("select 1 from inventory where location_id = ?", rig.id)).toEqual([]);
  });

  it("is kept whole as a dead letter that says what to do, and is put back as it was", async () => {
    const stored = newer().filter(([queue]) => queue !== "alerts");
    for (const [, body] of stored) expect(await deliver(DEAD_LETTERS, [body])).toEqual(["ack"]);
    const letters = await rows<{ queue: string; kind: string; reason: string; body: string }>(
      "select queue, kind, reason, body from dead_letters where location_id = ?",
      rig.id,
    );
    const sorted = (bodies: unknown[]) => bodies.map((body) => JSON.stringify(body)).sort();
    expect(sorted(letters.map(({ body }) => JSON.parse(body)))).toEqual(sorted(stored.map(([, body]) => body)));
    expect(letters.map(({ queue }) => queue).sort()).toEqual(["notices", "sync", "sync", "sync", "sync", "webhooks"]);
    for (const { kind, reason } of letters) {
      expect([kind, reason]).toEqual(["system", expect.stringMatching(/newer version.*Deploy .* replay/)]);
    }
    const sent: unknown[] = [];
    const taken = { send: async (body: unknown) => void sent.push(body) };
    const given = { ...env, WEBHOOKS: taken, CHORES: taken, NOTICES: taken } as unknown as Env;
    const replayed = await call("POST", "/v1/dead-letters/replay", { token: await token(), env: given });
    expect(replayed.status).toBe(202);
    expect(sorted(sent)).toEqual(sorted(stored.map(([, body]) => body)));
  });

  it("a message that nobody understands is a dead letter soon, and only its store is kept of it", async () => {
    const body = { location_id: rig.id, customer: "Ann" };
    expect(await delivered("webhooks", body, 1)).toEqual({ acked: [], after_s: [0] });
    expect(await deliver(DEAD_LETTERS, [body])).toEqual(["ack"]);
    const letters = await rows<{ body: string }>("select body from dead_letters where location_id = ?", rig.id);
    expect(letters.map((letter) => JSON.parse(letter.body))).toEqual([{ location_id: rig.id }]);
  });
});

it("what this build sends says its version", async () => {
  await rig.start("full");
  expect(rig.queue.map(({ body }) => body)).toMatchObject([{ kind: "step", v: MESSAGE_VERSION }]);
});
