import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { alerts, deadLetters, locations } from "../../../src/db/schema/accounts.ts";
import { alertId } from "../../../src/location/status/alerts.ts";
import { consumeDeadLetters } from "../../../src/pipeline/consumers/dead-letters.ts";
import { seedStore, token } from "../api/support.ts";

const db = accountsDb(env);
let location_id: string;

beforeEach(async () => {
  await db.delete(deadLetters);
  await db.delete(alerts);
  location_id = (await seedStore()).row.location_id;
});

async function storeDeadLetter(body: unknown): Promise<string> {
  const id = crypto.randomUUID();
  const batch = createMessageBatch("reup-dutchie-dead-letters-development", [
    { id, timestamp: Date.now(), attempts: 1, body },
  ]);
  await consumeDeadLetters(batch, env);
  expect((await getQueueResult(batch, createExecutionContext())).explicitAcks).toEqual([id]);
  return id;
}

const step = () => ({ kind: "step", location_id, run_id: "run_1", step: 0 });
const webhook = () => ({
  location_id,
  event_id: "msg_1",
  received_at: 1,
  body: { type: "sale.completed", data: { customerName: "Ann" } },
});

it("a webhook that could not be applied is our fault: it is stored without customer data, and raises an alert", async () => {
  await storeDeadLetter(webhook());
  const [row] = await db.select().from(deadLetters);
  expect(row).toMatchObject({ location_id, queue: "webhooks", kind: "system" });
  expect(JSON.stringify(row)).not.toContain("Ann");
  expect(await db.select().from(alerts)).toMatchObject([{ rule: "dead_letter", state: "firing", location_id }]);
});

it("a failure that a user caused has its type and raises no alert (F28)", async () => {
  await storeDeadLetter({ nonsense: true });
  await storeDeadLetter({ ...step(), location_id: (await seedStore({ deleted_at: 1 })).row.location_id });
  await db
    .update(locations)
    .set({ credentials: "v1.unknown.AAAAAAAAAAAAAAAA.AAAA" })
    .where(eq(locations.location_id, location_id));
  await storeDeadLetter(step());
  const kinds = (await db.select().from(deadLetters)).map((row) => row.kind).sort();
  expect(kinds).toEqual(["auth", "config", "data"]);
  expect(await db.select().from(alerts)).toEqual([]);
});

it("a message that comes twice is one dead letter", async () => {
  const body = webhook();
  const messages = [{ id: "same", timestamp: 1, attempts: 1, body }];
  for (let time = 0; time < 2; time++) {
    await consumeDeadLetters(createMessageBatch("reup-dutchie-dead-letters-development", messages), env);
  }
  expect(await db.select().from(deadLetters)).toHaveLength(1);
});

it("the alert ends when the last dead letter of its queue is put back or deleted, and not before", async () => {
  const [first, second] = [await storeDeadLetter(webhook()), await storeDeadLetter(webhook())];
  await storeDeadLetter(step());
  const authorization = `Bearer ${await token({ role: "manager" })}`;
  const call = (method: string, path: string) =>
    exports.default.fetch(`http://worker.test/v1/dead-letters/${path}`, { method, headers: { authorization } });
  const firing = async () => {
    const rows = await db.select({ id: alerts.alert_id }).from(alerts).where(eq(alerts.state, "firing"));
    return rows.map(({ id }) => id).sort();
  };
  const [webhooks, sync] = ["webhooks", "sync"].map((queue) => alertId(location_id, "dead_letter", queue));
  await call("DELETE", first);
  expect(await firing()).toEqual([webhooks, sync].sort());
  await call("POST", `${second}/replay`);
  expect(await firing()).toEqual([sync]);
});

it("a manager lists, replays one, replays all and deletes; another retailer sees none", async () => {
  const ids = [await storeDeadLetter(webhook()), await storeDeadLetter(step()), await storeDeadLetter(webhook())];
  const call = async (method: string, path: string, retailer_id = "ret_1") => {
    const authorization = `Bearer ${await token({ retailer_id, role: "manager" })}`;
    return exports.default.fetch(`http://worker.test/v1/dead-letters${path}`, { method, headers: { authorization } });
  };
  const list = async (retailer_id?: string) =>
    ((await (await call("GET", "", retailer_id)).json()) as { data: object[] }).data;
  expect(await list()).toHaveLength(3);
  expect(await list("ret_2")).toEqual([]);
  expect((await call("POST", `/${ids[0]}/replay`, "ret_2")).status).toBe(404);
  expect((await call("POST", `/${ids[0]}/replay`)).status).toBe(202);
  expect(await list()).toHaveLength(2);
  expect((await call("DELETE", `/${ids[1]}`)).status).toBe(204);
  expect(await (await call("POST", "/replay")).json()).toEqual({ replayed: 1, remaining: false });
  expect(await list()).toEqual([]);
  expect((await call("DELETE", `/${ids[1]}`)).status).toBe(404);
});

describe("F85: lists of dead letters carry no bodies", () => {
  const get = async (path: string, role = "manager") =>
    exports.default.fetch(`https://worker.test${path}`, {
      headers: { authorization: `Bearer ${await token({ role })}` },
    });

  it.each([
    ["a webhook", webhook],
    ["a step", step],
    ["an unreadable message", () => ({ location_id, pad: "x".repeat(90_000), email: "ann@shop.com" })],
  ])(
    "F85: the list has the reason of %s, and a single dead letter has the message, without customers",
    async (_, body) => {
      const id = await storeDeadLetter(body());
      const list = await (await get("/v1/dead-letters")).json<{ data: Record<string, unknown>[] }>();
      expect(list.data).toHaveLength(1);
      expect(list.data[0]).toMatchObject({ dead_letter_id: id, reason: expect.any(String) });
      expect(list.data[0]).not.toHaveProperty("body");
      expect(JSON.stringify(list).length).toBeLessThan(1_000);
      const text = await (await get(`/v1/dead-letters/${id}`)).text();
      expect(JSON.parse(text)).toMatchObject({ dead_letter_id: id, body: { location_id } });
      expect(text).not.toMatch(/Ann|ann@/);
      expect((await get(`/v1/dead-letters/${id}`, "viewer")).status).toBe(403);
    },
  );
});
