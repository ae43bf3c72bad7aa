import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import worker from "../../../src/index.ts";
import { call, envWith, errorOf, seedStore, token } from "../api/support.ts";
import { DEAD_LETTERS, deliver } from "../faults/support.ts";

const logged = vi.fn();
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(logged));
afterEach(() => void vi.restoreAllMocks());

/** A production with the tests' own secrets, which are in the repository for anybody to read. */
const wrong = () => envWith({ ENVIRONMENT: "production", PUBLIC_URL: "https://dutchie.reup-retail.com" });
const DAY = 24 * 3_600_000;
const NAMES = ["ALLOW_LOCAL_ENDPOINTS", "AUTH_JWT_SECRET", "CREDENTIAL_KEYS", "AUTH_ISSUER", "AUTH_AUDIENCE"];

describe("F81: a production with development's settings", () => {
  it("F81: the API and the webhooks answer 503 and name the variables, never a value", async () => {
    const { row } = await seedStore();
    const asked: [string, string][] = [
      ["GET", "/v1/status"],
      ["GET", `/v1/locations/${row.location_id}`],
      ["POST", `/webhooks/dutchie/${row.location_id}`],
    ];
    for (const [method, path] of asked) {
      const response = await call(method, path, { token: await token(), env: wrong() });
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "60"]);
      const { code, message } = await errorOf(response);
      expect(code).toBe("UNAVAILABLE");
      for (const name of NAMES) expect(message).toContain(name);
      expect(message).not.toContain("test-only-secret");
    }
  });

  it("F81: /healthz names the wrong variables", async () => {
    const response = await call("GET", "/healthz", { env: wrong() });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ checks: { config: "failing" }, wrong_variables: NAMES });
    const nobody = await call("GET", "/healthz", { env: envWith({ AUTH_JWT_SECRET: undefined }) });
    expect(await nobody.json()).toMatchObject({ wrong_variables: ["AUTH_JWT_SECRET", "AUTH_JWKS_URL"] });
  });

  it.each(["webhooks", "sync", "alerts"])("F81: the queue %s keeps its messages, with growing waits", async (queue) => {
    for (const [attempts, delaySeconds] of [
      [1, 60],
      [3, 960],
      [8, 43_200],
    ] as const) {
      const messages = [1, 2].map((n) => ({ id: `m${n}`, timestamp: new Date(), attempts, body: { n } }));
      const batch = createMessageBatch(`reup-dutchie-${queue}-production`, messages);
      const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
      await worker.queue(batch, wrong());
      const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
      expect([explicitAcks, retryMessages.length]).toEqual([[], 2]);
      for (const retry of retries) expect(retry).toHaveBeenCalledExactlyOnceWith({ delaySeconds });
    }
  });

  it("F81: a dead letter is stored all the same, and can be replayed", async () => {
    const { row } = await seedStore();
    const message = { kind: "push", v: MESSAGE_VERSION, location_id: row.location_id };
    expect(await deliver(DEAD_LETTERS, [message], wrong())).toEqual(["ack"]);
    const { results } = await env.DB.prepare("select kind, body from dead_letters where location_id = ?")
      .bind(row.location_id)
      .all();
    expect(results).toEqual([{ kind: "system", body: JSON.stringify(message) }]);
  });

  it.each([
    ["webhooks", 2 * DAY, 9],
    ["webhooks", 3 * DAY, 2],
    ["sync", 2 * DAY, 60],
    ["slow", 2 * DAY, 9],
  ])("F81: messages that waited two days in the queue %s become dead letters", async (queue, age, attempts) => {
    const { row } = await seedStore();
    const { location_id } = row;
    const ids = { v: MESSAGE_VERSION, location_id };
    const event = { ...ids, event_id: "e1", received_at: 1, body: { type: "product.updated", data: { id: 1 } } };
    const body = queue === "webhooks" ? event : { kind: "push", ...ids };
    const aged = (id: string, ms: number) => ({ id, timestamp: new Date(Date.now() - ms), attempts, body });
    const [old, young] = [`old_${location_id}`, `young_${location_id}`];
    const messages = [aged(old, age), aged(young, 2 * DAY - 60_000)];
    const batch = createMessageBatch(`reup-dutchie-${queue}-production`, messages);
    await worker.queue(batch, wrong());
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect([explicitAcks, retryMessages.map(({ msgId }) => msgId)]).toEqual([[old], [young]]);
    const { results } = await env.DB.prepare("select dead_letter_id, body from dead_letters where location_id = ?")
      .bind(location_id)
      .all<{ dead_letter_id: string; body: string }>();
    expect(results.map((each) => [each.dead_letter_id, JSON.parse(each.body)])).toEqual([[old, body]]);
  });

  it("F81: a message that cannot be stored yet stays in its queue", async () => {
    const messages = [{ id: "m1", timestamp: new Date(Date.now() - 3 * DAY), attempts: 9, body: { n: 1 } }];
    const batch = createMessageBatch("reup-dutchie-webhooks-production", messages);
    const DB = {
      prepare: () => {
        throw new Error("the database is away");
      },
    };
    await worker.queue(batch, { ...wrong(), DB } as unknown as Env);
    const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext());
    expect([explicitAcks, retryMessages.length]).toEqual([[], 1]);
  });

  it("F81: cron starts nothing, and says why", async () => {
    const { row } = await seedStore({ next_sync_at: 1 });
    await worker.scheduled({ scheduledTime: Date.now(), cron: "*/5 * * * *", noRetry: () => {} }, wrong());
    const kept = await env.DB.prepare("select next_sync_at from locations where location_id = ?")
      .bind(row.location_id)
      .first();
    expect(kept).toEqual({ next_sync_at: 1 });
    expect(JSON.stringify(logged.mock.calls)).toContain("AUTH_ISSUER");
    expect(JSON.stringify(logged.mock.calls)).not.toContain("test-only-secret");
  });
});
