import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accountsDb } from "../../../src/db/databases.ts";
import { alerts, deadLetters, locations } from "../../../src/db/schema/accounts.ts";
import { alertId } from "../../../src/location/status/alerts.ts";
import { consumeDeadLetters } from "../../../src/pipeline/consumers/dead-letters.ts";
import { call, seedStore, token } from "../api/support.ts";

const db = accountsDb(env);
let location_id: string;

beforeEach(async () => {
  await db.delete(deadLetters);
  await db.delete(alerts);
  location_id = (await seedStore()).row.location_id;
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function storeDeadLetter(body: unknown, given: Env = env): Promise<string> {
  const id = crypto.randomUUID();
  const batch = createMessageBatch("reup-dutchie-dead-letters-development", [
    { id, timestamp: Date.now(), attempts: 1, body },
  ]);
  await consumeDeadLetters(batch, given);
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
  const send = (method: string, path: string) =>
    exports.default.fetch(`http://worker.test/v1/dead-letters/${path}`, { method, headers: { authorization } });
  const firing = async () => {
    const rows = await db.select({ id: alerts.alert_id }).from(alerts).where(eq(alerts.state, "firing"));
    return rows.map(({ id }) => id).sort();
  };
  const [webhooks, sync] = ["webhooks", "sync"].map((queue) => alertId(location_id, "dead_letter", queue));
  await send("DELETE", first);
  expect(await firing()).toEqual([webhooks, sync].sort());
  await send("POST", `${second}/replay`);
  expect(await firing()).toEqual([sync]);
});

it("a manager lists, replays one, replays all and deletes; another retailer sees none", async () => {
  const ids = [await storeDeadLetter(webhook()), await storeDeadLetter(step()), await storeDeadLetter(webhook())];
  const send = async (method: string, path: string, retailer_id = "ret_1") => {
    const authorization = `Bearer ${await token({ retailer_id, role: "manager" })}`;
    return exports.default.fetch(`http://worker.test/v1/dead-letters${path}`, { method, headers: { authorization } });
  };
  const list = async (retailer_id?: string) =>
    ((await (await send("GET", "", retailer_id)).json()) as { data: object[] }).data;
  expect(await list()).toHaveLength(3);
  expect(await list("ret_2")).toEqual([]);
  expect((await send("POST", `/${ids[0]}/replay`, "ret_2")).status).toBe(404);
  expect((await send("POST", `/${ids[0]}/replay`)).status).toBe(202);
  expect(await list()).toHaveLength(2);
  expect((await send("DELETE", `/${ids[1]}`)).status).toBe(204);
  expect(await (await send("POST", "/replay")).json()).toEqual({ replayed: 1, remaining: false });
  expect(await list()).toEqual([]);
  expect((await send("DELETE", `/${ids[1]}`)).status).toBe(404);
});

it("F28: the sealing of all stores' secrets is of no store: it fails by our fault, says so, and the log has it as an error", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  for (const what of ["stores", "channels"]) await storeDeadLetter({ kind: "reseal", what, after: null });
  const stored = await db.select().from(deadLetters);
  expect(stored.map(({ kind, queue }) => [kind, queue])).toEqual([
    ["system", "sync"],
    ["system", "sync"],
  ]);
  for (const { reason } of stored) expect(reason).toMatch(/^Secrets could not be sealed/);
  expect(JSON.stringify(logged.mock.calls).match(/dead_letter_of_no_store/g)).toHaveLength(2);
  expect(await db.select().from(alerts)).toEqual([]);
});

describe("a store that cannot be told of a change hinders nobody", () => {
  /** The first store's Location does not answer; which others were told. */
  async function withSilent() {
    const other = (await seedStore()).row.location_id;
    const told: string[] = [];
    const LOCATION = {
      idFromName: (id: string) => id,
      get: (id: string) => ({
        changedOutside: async () => {
          if (id === location_id) throw new Error("Durable Object reset");
          told.push(id);
        },
      }),
    };
    return { other, told, given: { ...env, LOCATION } as unknown as Env };
  }
  let logged: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    logged = vi.spyOn(console, "warn").mockImplementation(() => {});
  });

  it("F72: its dead letter is stored and alerted on once, not delivered again", async () => {
    const { given } = await withSilent();
    await storeDeadLetter(webhook(), given);
    expect(await db.select().from(deadLetters)).toHaveLength(1);
    expect(await db.select().from(alerts)).toMatchObject([{ rule: "dead_letter", state: "firing" }]);
    expect(JSON.stringify(logged.mock.calls)).toContain("store_not_told");
  });

  it.each([
    ["POST", "/replay", 202],
    ["POST", "/:id/replay", 202],
    ["DELETE", "/:id", 204],
  ])("F72: %s %s answers as if it had been told, and the other stores are told", async (method, path, status) => {
    const { other, told, given } = await withSilent();
    const id = await storeDeadLetter(webhook(), given);
    await storeDeadLetter({ ...webhook(), location_id: other }, given);
    told.length = 0;
    const sent: unknown[] = [];
    const WEBHOOKS = { send: async (body: unknown) => void sent.push(body) };
    const answer = await call(method, `/v1/dead-letters${path.replace(":id", id)}`, {
      token: await token({ role: "manager" }),
      env: { ...given, WEBHOOKS } as unknown as Env,
    });
    expect(answer.status).toBe(status);
    expect(sent).toHaveLength(method === "DELETE" ? 0 : path === "/replay" ? 2 : 1);
    if (path === "/replay") expect(told).toEqual([other]);
    expect(JSON.stringify(logged.mock.calls)).toContain("store_not_told");
  });

  it("F72: an alert is acknowledged all the same", async () => {
    const { given } = await withSilent();
    await storeDeadLetter(webhook(), given);
    const path = `/v1/alerts/${alertId(location_id, "dead_letter", "webhooks")}/acknowledge`;
    expect((await call("POST", path, { token: await token({ role: "manager" }), env: given })).status).toBe(200);
    expect(await db.select().from(alerts)).toMatchObject([{ acknowledged_at: expect.any(Number) }]);
  });
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
