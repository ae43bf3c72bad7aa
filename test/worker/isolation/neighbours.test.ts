import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LANE_LIMITS } from "../../../src/domain/limits/pace.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { seedStore } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, giveBindings, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";

// Small enough that a test need not wait long. The test is about who waits for whom.
const SMALL = { bytes: 160 * 1_048_576, rows: 20_000, requests: 50 };
Object.assign(LANE_LIMITS.quick, SMALL, { go_ms: 200 });
Object.assign(LANE_LIMITS.slow, SMALL, { go_ms: 400 });

const SLOW = "reup-dutchie-slow-development";
const encoder = new TextEncoder();

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A body of these pieces, made as they are asked for, `ms` apart. */
function streamed(pieces: () => Iterator<string | Uint8Array>, ms = 0): Response {
  const source = pieces();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      // As a network does, also without a pause: others get their turn in between.
      await new Promise((resolve) => setTimeout(resolve, ms));
      const step = source.next();
      if (step.done) controller.close();
      else controller.enqueue(typeof step.value === "string" ? encoder.encode(step.value) : step.value);
    },
  });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

const json = (body: string | Uint8Array) => new Response(body, { headers: { "content-type": "application/json" } });
const list = (...rows: string[]) => json(`[${rows.join(",")}]`);
/** Large pieces: waiting for each counts, and is not what these cases are about. */
const MB_10 = "x".repeat(10 * 1_048_576);

function* forever(first: string, next: (n: number) => string) {
  yield first;
  for (let n = 1; ; n++) yield next(n);
}

function* huge(first: string, mb: number, last: string) {
  yield first;
  for (let n = 0; n < mb; n += 10) yield MB_10;
  yield last;
}

const many = (n: number) => Array.from({ length: 500 }, (_, at) => `,{"id":${n * 500 + at},"name":"p"}`).join("");
let pages = 0;

/** What a hostile Dutchie answers to the list of products; what must be said of it, or null where the rows fail alone. */
const HOSTILE: [string, () => Response | Promise<Response>, RegExp | null][] = [
  ["slow: no headers", () => new Promise<Response>(() => {}), /kept ReUp waiting/],
  ["slow: a byte now and then", () => streamed(() => forever("[", () => " "), 50), /kept ReUp waiting/],
  ["endless: rows", () => streamed(() => forever('[{"id":1}', many)), /more than 20,000 rows/],
  ["endless: pages", () => json(`{"data":[{"id":${++pages},"name":"p"}],"next":"c${pages}"}`), /more than 50 requests/],
  ["endless: one text", () => streamed(() => forever('[{"id":1,"name":"', () => MB_10)), /more than 160 MB/],
  ["huge: a row of 100 MB", () => streamed(() => huge('[{"id":1,"x":"', 100, '"},{"id":2,"name":"p"}]')), null],
  ["huge: a text of 50 MB", () => streamed(() => huge('[{"id":2,"name":"p"},{"id":1,"name":"', 50, '"}]')), null],
  ["malformed: broken JSON", () => json('[{"id":1,"name":"p"},{"id":2,'), /cut off/],
  [
    "malformed: wrong types",
    () => list("1", '"a"', "null", "[[]]", '{"id":{},"name":[]}', '{"id":2,"name":"p"}'),
    null,
  ],
  ["malformed: 100,000 deep", () => json("[".repeat(100_000) + "]".repeat(100_000)), /nested too deeply/],
  ["malformed: no UTF-8", () => json(new Uint8Array([0x5b, 0xff, 0xfe, 0xc0, 0x5d])), null],
  [
    "throwing: keys of prototypes",
    () => list('{"__proto__":{"id":1},"constructor":1,"toString":2}', '{"id":"__proto__","name":"constructor"}'),
    null,
  ],
  [
    "throwing: numbers and texts that are none",
    () => list('{"id":1e400,"name":"p"}', '{"id":3,"name":"\\ud800\\u0000","price":-1e400}', '{"id":2,"name":"p"}'),
    null,
  ],
];

/** A store whose Dutchie answers so to whatever it is asked, in the same Worker as the healthy one. */
async function hostile(healthy: Rig, answer: () => Response | Promise<Response>) {
  const { row } = await seedStore({ profile: "guide", endpoint: "https://hostile.test", retailer_id: "ret_hostile" });
  const queues = { quick: [] as unknown[], slow: [] as unknown[] };
  const bindings = {
    ...env,
    SYNC: { send: async (body: unknown) => void queues.quick.push(body) },
    IMPORTS: { send: async (body: unknown) => void queues.quick.push(body) },
    SLOW: { send: async (body: unknown) => void queues.slow.push(body) },
  } as unknown as Env;
  await giveBindings(row.location_id, bindings);
  vi.stubGlobal("fetch", async (url: string, init?: RequestInit) =>
    new URL(url).hostname === "hostile.test" ? answer() : healthy.dutchie.app.request(url, init as never),
  );
  return { id: row.location_id, queues, bindings, location: locationStub(env, row.location_id) };
}

type Hostile = Awaited<ReturnType<typeof hostile>>;

/** Plays the hostile store's queues until its run is over. */
async function playOut({ location, queues, bindings }: Hostile): Promise<void> {
  for (let deliveries = 0; deliveries < 60; deliveries++) {
    const run = await location.currentRun();
    if (run === null) return;
    if (run.waiting_until !== null) vi.setSystemTime(Math.max(Date.now(), Date.parse(run.waiting_until) + 1));
    const [queue, bodies] = queues.slow.length > 0 ? [SLOW, queues.slow] : [SYNC, queues.quick];
    await deliver(queue, [bodies.shift()], bindings);
  }
  throw new Error("The run does not end.");
}

async function pollAndHear(rig: Rig): Promise<void> {
  const [item] = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1);
  if (item === undefined) throw new Error("The store has packages.");
  const data = { inventoryId: item.id, productId: item.productId, quantityAvailable: 77, room: "Vault" };
  const body = { type: "inventory.updated", occurred_at: new Date().toISOString(), data };
  const event = { location_id: rig.id, event_id: `evt_${Math.random()}`, received_at: Date.now(), body };
  expect(await deliver(WEBHOOKS, [event], rig.env)).toEqual(["ack"]);
  const [found] = await rows<{ quantity: number }>(
    "select quantity from inventory where location_id = ? and dutchie_inventory_id = ? and room_name = 'Vault'",
    rig.id,
    String(item.id),
  );
  expect(found?.quantity).toBe(77);
  rig.dutchie.setPackage(item.id, { quantity: item.rooms[0]?.quantity ?? 1 }, { silent: true });
  const started = await rig.start("full");
  expect(started.ok).toBe(true);
  await rig.drain();
  expect((await rig.status()).last_run).toMatchObject({ state: "completed", failed: 0, error: null });
}

describe("a hostile neighbour in the same queue", () => {
  it.each(HOSTILE)(
    "F83: %s: a healthy store beside it gets webhooks and polls and is right",
    async (_, answer, words) => {
      const rig = await Rig.open();
      await rig.start("initial");
      await rig.drain();
      const neighbour = await hostile(rig, answer);
      expect((await neighbour.location.startRun({ mode: "initial", trigger: "manual", heal: false })).ok).toBe(true);
      // Its first list is being read while the healthy store lives.
      const reading = deliver(SYNC, [neighbour.queues.quick.shift()], neighbour.bindings);
      await pollAndHear(rig);
      expect(await reading).toEqual(["ack"]);
      await playOut(neighbour);
      const status = await neighbour.location.status();
      const shown = JSON.stringify([status?.last_run?.error, status?.data_types]);
      if (words !== null) expect(shown).toMatch(words);
      // Bad rows fail alone, and are listed.
      else expect(status?.last_run).toMatchObject({ state: "completed_with_errors", failures: expect.any(Array) });
      // The other store got nothing of it, and its budget is untouched.
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    },
  );
});

it("F83: a slow store keeps a shared consumer busy once, briefly; then its steps and edits have their own", async () => {
  const rig = await Rig.open();
  const neighbour = await hostile(rig, () => new Promise<Response>(() => {}));
  const { location, queues, bindings } = neighbour;
  // As the runtime does under load.
  await evictDurableObject(env.LOCATION.get(env.LOCATION.idFromName(neighbour.id)));
  await location.startRun({ mode: "initial", trigger: "manual", heal: false });
  expect(await deliver(SYNC, [queues.quick.shift()], bindings)).toEqual(["ack"]);
  // Handed over: no failure, and no wait.
  expect(queues).toMatchObject({ quick: [], slow: [{ kind: "step", step: 0 }] });
  expect(await location.currentRun()).toMatchObject({ state: "running", failed: 0, error: null, waiting_until: null });
  // A message that another consumer may still have finds the step claimed.
  const step = queues.slow.shift();
  const reading = deliver(SLOW, [step], bindings);
  await expect.poll(() => deliver(SYNC, [step], bindings)).toEqual(["ack"]);
  await reading;
  await expect.poll(async () => (await location.currentRun())?.state).toBe("waiting");
  expect((await location.currentRun())?.phases[0]).toMatchObject({ state: "waiting" });
});

it("F83: an inventory that must be kept whole and is too large beside others moves to the slow lane, and is read there", async () => {
  const rig = await Rig.open();
  const packages = Array.from({ length: 40 }, (_, n) => ({ id: n, productId: n, quantity: n, room: "Vault" }));
  const { quick } = LANE_LIMITS;
  const { collected_bytes } = quick;
  quick.collected_bytes = 1_000;
  const neighbour = await hostile(rig, () => json(JSON.stringify(packages)));
  await neighbour.location.startRun({ mode: "initial", trigger: "manual", heal: false });
  const began = neighbour.queues.quick.shift();
  expect(await deliver(SYNC, [began], neighbour.bindings)).toEqual(["ack"]);
  expect(neighbour.queues).toMatchObject({ quick: [], slow: [{ kind: "step" }] });
  expect(await neighbour.location.currentRun()).toMatchObject({ state: "running", error: null });
  await playOut(neighbour);
  quick.collected_bytes = collected_bytes;
  const stored = await rows("select quantity from inventory where location_id = ? and quantity > 0", neighbour.id);
  expect(stored).toHaveLength(39);
});

// The endless ones are ended by their limits, and hold nobody either.
it.each(HOSTILE.slice(0, 2))("F83: %s, four stores of one batch: the fifth is polled meanwhile", async (_, answer) => {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  const [item] = [...rig.dutchie.world.packages.values()].filter(({ rooms }) => rooms.length === 1);
  rig.dutchie.setPackage(item?.id ?? 0, { quantity: 41 }, { silent: true });
  await env.DB.prepare("update locations set wake_at = 0 where location_id = ?").bind(rig.id).run();
  vi.setSystemTime(Date.now() + 16 * 60_000);
  const stores = [await hostile(rig, answer), await hostile(rig, answer)];
  stores.push(await hostile(rig, answer), await hostile(rig, answer));
  for (const { location } of stores) await location.startRun({ mode: "initial", trigger: "manual", heal: false });
  const steps = stores.map(({ queues }) => queues.quick.shift());
  // Long enough for a busy machine.
  const { go_ms } = LANE_LIMITS.quick;
  LANE_LIMITS.quick.go_ms = 3_000;
  let isHeld = true;
  const start = { kind: "start", location_id: rig.id, at: Date.now() };
  const batch = deliver(SYNC, [...steps, start], stores[0]?.bindings).finally(() => {
    isHeld = false;
    LANE_LIMITS.quick.go_ms = go_ms;
  });
  const hasRead = async () => {
    const { current_run, last_run } = await rig.status();
    const run = current_run ?? last_run;
    return run?.mode === "incremental" && run.phases[0]?.state === "completed";
  };
  await expect.poll(hasRead).toBe(true);
  expect(isHeld).toBe(true);
  expect(await batch).toEqual(["ack", "ack", "ack", "ack", "ack"]);
  await rig.drain();
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
});

it("F83: one store's events in a batch delay no other store's", async () => {
  const rig = await Rig.open();
  const { row } = await seedStore({ retailer_id: "ret_hostile" });
  let deep: unknown = 1;
  for (let level = 0; level < 400; level++) deep = [deep];
  const bad = [
    { type: "inventory.updated", data: JSON.parse('{"__proto__": {"inventoryId": 1}, "constructor": 2}') },
    { type: "constructor", data: { inventoryId: "__proto__" } },
    { type: "product.updated", data: { productId: Number.POSITIVE_INFINITY, name: "\ud800\u0000".repeat(20_000) } },
    { type: "transaction.created", data: [0, "", null, [], {}] },
    { type: "inventory.updated", data: deep },
    null,
    "x".repeat(90_000),
  ];
  const events = bad.map((body, n) => ({
    location_id: row.location_id,
    event_id: `bad_${n}`,
    received_at: Date.now(),
    body,
  }));
  const data = { inventoryId: 7, productId: 8, quantityAvailable: 3, room: "Vault" };
  const good = {
    location_id: rig.id,
    event_id: "good",
    received_at: Date.now(),
    body: { type: "inventory.updated", data },
  };
  const outcomes = await deliver(WEBHOOKS, [...events.slice(0, 4), good, ...events.slice(4)], rig.env);
  expect(outcomes[4]).toBe("ack");
  expect(await rows("select quantity from inventory where location_id = ?", rig.id)).toEqual([{ quantity: 3 }]);
});

it.each([
  ["never answers", 1],
  ["takes 4 s a call", 3],
])("F83: a store that %s keeps one batch for 10 s in all, however much is queued of it", async (kind, calls) => {
  const { row } = await seedStore({ retailer_id: "ret_busy" });
  const name = "x".repeat(400);
  const data = Array.from({ length: 150 }, (_, n) => ({ productId: n, productName: name, brandName: name }));
  const events = Array.from({ length: 40 }, (_, n) => ({
    location_id: row.location_id,
    event_id: `busy_${n}`,
    received_at: Date.now(),
    body: { type: "product.updated", data },
  }));
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  const began = Date.now();
  let asked = 0;
  const receive = (given: { event_id: string }[]) => {
    asked++;
    if (kind === "never answers") return new Promise(() => {});
    const results = given.map(({ event_id }) => ({ event_id, outcome: "applied" }));
    return new Promise((resolve) => setTimeout(() => resolve(results), 4_000));
  };
  const LOCATION = { idFromName: (id: string) => id, get: () => ({ receive }) };
  const delivering = deliver(WEBHOOKS, events, { ...env, LOCATION } as unknown as Env);
  let isOver = false;
  void delivering.then(() => {
    isOver = true;
  });
  while (!isOver) {
    // Real turns of the database between the steps of the clock.
    await env.DB.prepare("select 1").run();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  const outcomes = await delivering;
  expect(asked).toBe(calls);
  expect(Date.now() - began).toBeLessThan(16_000);
  const acked = outcomes.filter((outcome) => outcome === "ack").length;
  expect(outcomes.filter((outcome) => outcome === "retry")).toHaveLength(40 - acked);
  expect(acked > 0).toBe(kind !== "never answers");
});
