import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { app } from "../../../src/api/app.ts";
import { takenQueue } from "../alerts/support.ts";
import { call, signed, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { DEAD_LETTERS, deliver, Rig, WEBHOOKS } from "../faults/support.ts";

/**
 * A customer who is everywhere: in unknown fields, nested, in strings of JSON, as keys, in types of events
 * and rows that nobody understands, in webhooks and in polls. Afterwards she is nowhere.
 */
const PERSON = {
  fullName: "Zelda Quux",
  tel: "+1-555-0142",
  mail: "zelda@quux.example",
  home: "17 Elm Row, Denver",
  born: "1971-02-03T00:00:00Z",
  licence: "DL-8841-77",
};
const MARKS = ["Zelda", "Quux", "quux.example", "555-0142", "Elm Row", "1971-02-03", "DL-8841"];

const HIDDEN = {
  contact: PERSON,
  notes: `for Zelda Quux, ${PERSON.tel}`,
  payload: JSON.stringify({ customer: PERSON }),
  twice: JSON.stringify(JSON.stringify([PERSON])),
  "Zelda Quux": { "17 Elm Row": true },
  [PERSON.mail]: 1,
  deep: [[[{ who: [PERSON] }]]],
  for: { id: "DL-8841-77", name: "Zelda Quux" },
  customer: { id: 1, ...PERSON },
  x: PERSON.born,
};
const stamp = () => new Date().toISOString();
const line = { productId: 1, sku: "SKU-1", productName: "Blue Dream", quantity: 1, unitPrice: 5, ...HIDDEN };
const sale = (id: number, more: object = {}) => ({
  transactionId: id,
  transactionDate: stamp(),
  total: 5,
  items: [line],
  ...HIDDEN,
  ...more,
});
const stock = (id: number, more: object = {}) => ({
  inventoryId: id,
  productId: 1,
  sku: "SKU-1",
  productName: "Blue Dream",
  quantityAvailable: 5,
  roomQuantities: [{ room: "Vault", quantityAvailable: 5, ...HIDDEN }],
  ...HIDDEN,
  ...more,
});
const product = (id: number, more: object = {}) => ({
  productId: id,
  sku: `SKU-${id}`,
  productName: "Blue Dream",
  potencyThc: { range: [18, 22], unit: "%", ...HIDDEN },
  ...HIDDEN,
  ...more,
});

/** Rows that fail, each for another reason, with her where something else belongs. */
const FAILING = {
  products: [{ ...HIDDEN }, "Zelda Quux", [PERSON], { productId: "Zelda Quux ".repeat(50) }],
  inventory: [
    { inventoryId: 71, ...HIDDEN },
    { inventoryId: 72, quantity: "Zelda Quux" },
    { inventoryId: 73, quantity: 1, roomQuantities: "Zelda Quux" },
    { inventoryId: 74, quantity: 1, roomQuantities: [{ ...HIDDEN }] },
    { inventoryId: 75, quantity: 1, roomQuantities: [{ room: "Vault", quantity: PERSON, ...HIDDEN }] },
  ],
  transactions: [
    { ...HIDDEN },
    { transactionId: 81, ...HIDDEN },
    { transactionId: 82, transactionDate: "Zelda Quux" },
    { transactionId: 83, transactionDate: "2026-03-01", items: [{ ...HIDDEN }] },
    { transactionId: 84, transactionDate: "2026-03-01", items: "Zelda Quux" },
    { transactionId: 85, transactionDate: "2026-03-01", total: 9, items: [], ...HIDDEN },
  ],
};

let rig: Rig;
let secret = "";
const queued: unknown[] = [];
const logged: string[] = [];
const notices: unknown[] = [];
const found = (text: string) => MARKS.filter((mark) => text.includes(mark));

async function dutchie(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const { pathname } = new URL(String(input instanceof Request ? input.url : input));
  const list = pathname.includes("products")
    ? [product(1), product(2), ...FAILING.products]
    : pathname.includes("inventory")
      ? [stock(1), stock(2), ...FAILING.inventory]
      : pathname.includes("transactions")
        ? [sale(501), sale(502), ...FAILING.transactions]
        : null;
  return list === null ? rig.dutchie.app.request(String(input), init as never) : Response.json(list);
}

let events = 0;
async function webhook(body: unknown): Promise<void> {
  const raw = JSON.stringify(body);
  const headers = await signed(secret, `evt_${events++}`, raw);
  const sent: unknown[] = [];
  const given = { ...rig.env, WEBHOOKS: { send: async (message: unknown) => void sent.push(message) } };
  const response = await call("POST", `/webhooks/dutchie/${rig.id}`, { raw, headers, env: given as unknown as Env });
  expect(response.status).toBe(202);
  queued.push(...sent);
  await deliver(WEBHOOKS, sent);
  await deliver(DEAD_LETTERS, sent);
}

beforeAll(async () => {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => {
      logged.push(parts.map((part) => (part instanceof Error ? `${part.stack}` : JSON.stringify(part))).join(" "));
    });
  }
  rig = await Rig.open();
  vi.stubGlobal("fetch", dutchie);
  const jwt = await token();
  const rotated = await call("POST", `/v1/locations/${rig.id}/webhook/rotate`, { token: jwt, body: {} });
  secret = (await rotated.json<{ secret: string }>()).secret;
  const channel = [{ kind: "webhook", target: "https://alerts.example/all", enabled: true }];
  await call("PUT", "/v1/alert-channels", { token: jwt, body: channel });
  const { bindings, queue } = takenQueue();
  await rig.withEnv({ ...rig.env, ALERTS: bindings.ALERTS });

  await rig.start("initial");
  await rig.drain();
  await rig.start("full");
  await rig.drain();
  const types = { "product.updated": product(1), "inventory.updated": stock(1), "sale.completed": sale(601) };
  for (const [type, row] of Object.entries(types)) {
    const failing = Object.values(FAILING).flat();
    for (const data of [row, [row, row], { items: [row], ...HIDDEN }, failing, "Zelda Quux", { ...HIDDEN }])
      await webhook({ type, occurred_at: stamp(), data, ...HIDDEN });
  }
  for (const type of ["customer.updated", "sale.voided", "constructor"])
    await webhook({ type, id: 5, created_at: stamp(), data: { ...HIDDEN, items: [PERSON] }, ...HIDDEN });
  const nonsense = [
    { location_id: rig.id, ...HIDDEN },
    { kind: "step", location_id: rig.id, ...HIDDEN },
    { kind: "sweep", location_id: rig.id, ...HIDDEN },
    [PERSON],
    JSON.stringify(PERSON),
  ];
  await deliver(DEAD_LETTERS, nonsense);
  await deliver(WEBHOOKS, nonsense);
  await webhook({ type: "sale.completed", occurred_at: stamp(), data: sale(601, { total: 7 }) });
  const { data } = await rig.location.listEvents({ outcome: null, cursor: null, limit: 50 });
  for (const { event_id } of data) await rig.location.replayEvent(event_id);
  queued.push(...rig.queue.splice(0).map(({ body }) => body));
  notices.push(...queue);
});

afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("F73: the whereabouts of customers' data", () => {
  it("F73: products, stock and sales are there, and failures are reported", async () => {
    expect(await rows("select 1 from sales where location_id = ? and total = 7", rig.id)).toHaveLength(1);
    expect((await rows("select 1 from inventory where location_id = ?", rig.id)).length).toBeGreaterThan(1);
    const [run] = await rows<{ failed: number }>("select failed from runs where location_id = ? limit 1", rig.id);
    expect(run?.failed).toBeGreaterThanOrEqual(14);
    expect((await rows("select 1 from dead_letters where location_id = ?", rig.id)).length).toBeGreaterThan(15);
    expect(queued.length).toBeGreaterThan(30);
  });

  it("F73: no table of D1 has a customer's data", async () => {
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\' and name not like 'sqlite%'",
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables)
      expect(found(JSON.stringify(await rows(`select * from "${name}"`))), name).toEqual([]);
  });

  it("F73: no storage of a Location has a customer's data", async () => {
    const stub = env.LOCATION.get(env.LOCATION.idFromName(rig.id));
    const stored = await runInDurableObject(stub, async (_, { storage }) => {
      const tables = storage.sql
        .exec<{ name: string }>(
          "select name from sqlite_master where type = 'table' and name not like '\\_cf%' escape '\\'",
        )
        .toArray();
      return JSON.stringify([
        tables.map(({ name }) => [name, storage.sql.exec(`select * from "${name}"`).toArray()]),
        [...(await storage.list())],
      ]);
    });
    expect(stored).toContain("customer.updated");
    expect(found(stored)).toEqual([]);
  });

  it("F73: no message of a queue has a customer's data", () => {
    expect(found(JSON.stringify(queued))).toEqual([]);
    expect(found(JSON.stringify(notices))).toEqual([]);
  });

  it("F73: no line of the log has a customer's data", () => {
    expect(logged.length).toBeGreaterThan(0);
    expect(found(logged.join("\n"))).toEqual([]);
  });

  it("F73: no answer of the API has a customer's data", async () => {
    const jwt = await token();
    const { paths } = app.getOpenAPI31Document({ openapi: "3.1.0", info: { title: "", version: "" } });
    for (const [path, methods] of Object.entries(paths ?? {})) {
      if (!("get" in methods) || path.endsWith("/stream")) continue;
      const text = await (await call("GET", path.replace("{location_id}", rig.id), { token: jwt, app })).text();
      expect(found(text), path).toEqual([]);
    }
  });
});
