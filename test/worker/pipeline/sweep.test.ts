import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { firstSequence, sequenceKey } from "../../../src/domain/records/sequence.ts";
import { newState, type TypeState } from "../../../src/domain/runs/type-states.ts";
import type { Store } from "../../../src/location/storage/store.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { sweep } from "../../../src/pipeline/chores/sweep.ts";
import { seedStore } from "../api/support.ts";
import { rows, write } from "../databases.ts";
import { deliver, SYNC } from "../faults/support.ts";

const DAY = 86_400_000;
const NOW = Date.now();

afterEach(() => void vi.restoreAllMocks());

async function store(floor = NOW): Promise<string> {
  const { location_id } = (await seedStore()).row;
  await inLocation(location_id, (own) => {
    own.raiseFloor("inventory", floor, NOW);
    own.raiseFloor("products", floor, NOW);
    own.put("types", { inventory: { ...newState(0), last_success_at: NOW } });
  });
  return location_id;
}

const inLocation = <T>(id: string, read: (own: Store, sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(id)), (instance, { storage }) =>
    read((instance as unknown as { store: Store }).store, storage.sql),
  );

async function sweepAll(id: string): Promise<number> {
  for (let steps = 1; steps < 20; steps++) if ((await sweep(env, { location_id: id }, NOW)) === null) return steps;
  throw new Error("The sweep does not end.");
}

const insert = (table: string, values: Record<string, unknown>) =>
  write(
    `insert into ${table} (${Object.keys(values).join(", ")}) values (${Object.keys(values)
      .map(() => "?")
      .join(", ")})`,
    ...Object.values(values),
  );

const version = (at: number) => ({ source_at: at, source_rank: 1, content_hash: "h" });
const run = (at: number) => ({
  mode: "full",
  trigger: "schedule",
  state: "completed",
  started_at: at,
  finished_at: at,
  records_processed: 0,
  failed: 0,
  document: "{}",
});
const sale = (at: number) => ({
  dutchie_transaction_id: "1",
  completed_at: at,
  type: "retail",
  is_void: 0,
  is_return: 0,
  item_count: 1,
  items_hash: "h",
  ...version(at),
  updated_at: at,
});
const pack = (quantity: number, at: number, package_at = at) => ({
  dutchie_inventory_id: "1",
  quantity,
  room_type: "vault",
  room_name: "Vault",
  package_at,
  ...version(at),
  updated_at: at,
});
const product = (status: string, at: number) => ({
  product_name: "x",
  status,
  source: "dutchie",
  ...version(at),
  updated_at: at,
});
const review = (state: string, at: number, candidates: string, kind = "duplicate_sku") => ({
  kind,
  state,
  subject: "s",
  reason: "r",
  candidates,
  facts_hash: "h",
  opened_at: at,
  resolved_at: state === "open" ? null : at,
});
const alert = (state: string, at: number) => ({
  retailer_id: "ret_1",
  rule: "stale",
  state,
  severity: "warning",
  message: "m",
  started_at: at,
  resolved_at: state === "firing" ? null : at,
});
const letter = (at: number) => ({ retailer_id: "ret_1", queue: "webhooks", kind: "data", reason: "r", body: "{}", at });
const settled = (at: number) => ({
  retailer_id: "ret_1",
  kind: "edit",
  subject: "prd_1",
  since: at,
  action: "retry",
  settled_at: at,
  settled_by: "ann",
});
const change = (at: number) => ({ resource: "products", record_id: "p", fields: "{}", cause: "poll", at });
const numbered = (at: number, name: string) => `${sequenceKey(firstSequence(at))}${name}`;

const OLD = NOW - 91 * DAY;
const YOUNG = NOW - 89 * DAY;
const AGES = NOW - 1_100 * DAY;

/** Rows by key: what goes and what stays, per table. */
const CASES: [table: string, key: string, goes: Record<string, object>, stays: Record<string, object>][] = [
  [
    "changes",
    "change_id",
    { [numbered(OLD, "a")]: change(OLD), [numbered(AGES, "b")]: change(AGES) },
    { [numbered(YOUNG, "c")]: change(YOUNG) },
  ],
  [
    "runs",
    "run_id",
    { run_old: run(OLD), run_ages: run(AGES) },
    { run_young: run(YOUNG), run_live: { ...run(OLD), finished_at: null } },
  ],
  [
    "inventory",
    "inventory_id",
    { sold_out: pack(0, OLD), ages: pack(0, AGES) },
    { stock: pack(5, AGES), owed: pack(-1, AGES), young: pack(0, YOUNG), told_again: pack(0, OLD, NOW + 1) },
  ],
  [
    "products",
    "product_id",
    { gone: product("deleted", AGES) },
    {
      young: product("deleted", OLD),
      sold: product("active", AGES),
      hidden: product("inactive", AGES),
      hinted: product("provisional", AGES),
    },
  ],
  ["sales", "sale_id", { ages: sale(AGES) }, { young: sale(OLD) }],
  [
    "reviews",
    "review_id",
    { gone: review("resolved", OLD, '["nobody"]'), none: review("resolved", AGES, "[]") },
    {
      open: review("open", AGES, '["nobody"]'),
      young: review("resolved", YOUNG, '["nobody"]'),
      remembered: review("resolved", AGES, '["nobody", "sold"]'),
      held: review("resolved", AGES, "[]", "held_snapshot"),
    },
  ],
  [
    "alerts",
    "alert_id",
    { over: alert("resolved", OLD) },
    { firing: alert("firing", AGES), young: alert("resolved", YOUNG) },
  ],
  ["dead_letters", "dead_letter_id", { old: letter(NOW - 31 * DAY) }, { young: letter(NOW - 29 * DAY) }],
  ["settled_items", "id", { old: settled(OLD) }, { young: settled(YOUNG) }],
  [
    "insights",
    "parameters",
    { old: { kind: "sales", day: "2020-01-01", computed_at: NOW - 3 * DAY, document: "{}" } },
    { today: { kind: "sales", day: "2020-01-04", computed_at: NOW, document: "{}" } },
  ],
  [
    "rooms",
    "room_key",
    { empty: { room_name: "Old room", room_type: "storage", updated_at: OLD } },
    {
      full: { room_name: "VAULT ", room_type: "storage", updated_at: AGES },
      young: { room_name: "New room", room_type: "storage", updated_at: YOUNG },
    },
  ],
];

describe("F66: nothing grows for ever", () => {
  it.each(CASES)(
    "F66: the sweep of %s deletes what is past its time, nothing else, and nothing of another store",
    async (table, key, goes, stays) => {
      const [id, other] = [await store(), await store()];
      if (table === "rooms") await insert("inventory", { location_id: id, inventory_id: "i", ...pack(1, NOW) });
      if (table === "reviews")
        await insert("products", { location_id: id, product_id: "sold", ...product("active", NOW) });
      const put = async (location_id: string, all: Record<string, object>) => {
        for (const [name, values] of Object.entries(all)) {
          const unique = table === "dead_letters" ? `${location_id}-${name}` : name;
          await insert(table, { location_id, [key]: unique, ...values });
        }
      };
      await put(id, { ...goes, ...stays });
      await put(other, goes);
      await sweepAll(id);
      const left = async (location_id: string) =>
        (await rows<Record<string, string>>(`select ${key} from ${table} where location_id = ?`, location_id))
          .map((row) => (row[key] ?? "").replace(`${location_id}-`, ""))
          .sort();
      expect(await left(id)).toEqual(Object.keys(stays).sort());
      expect(await left(other)).toEqual(Object.keys(goes).sort());
      // Once more: there is nothing more to do.
      expect(await sweepAll(id)).toBe(1);
    },
  );

  it("F66: when a sale is deleted, the count follows", async () => {
    const id = await store();
    for (const [name, at] of [
      ["ages", AGES],
      ["young", OLD],
    ] as const) {
      await insert("sales", { location_id: id, sale_id: name, ...sale(at) });
    }
    await sweepAll(id);
    expect(await rows("select sale_id from sales where location_id = ?", id)).toEqual([{ sale_id: "young" }]);
    expect(await rows("select n from counts where location_id = ? and what = 'sales'", id)).toEqual([{ n: 1 }]);
  });

  it("F66: sales are kept as long as the store reads its history back", async () => {
    const id = await store();
    await env.DB.prepare(
      "update locations set settings = json_set(settings, '$.sales_history_days', 1200) where location_id = ?",
    )
      .bind(id)
      .run();
    await insert("sales", { location_id: id, sale_id: "ages", ...sale(AGES) });
    await sweepAll(id);
    expect(await rows("select sale_id from sales where location_id = ?", id)).toEqual([{ sale_id: "ages" }]);
  });

  it.each([
    ["no complete snapshot ever came", 0],
    ["the last complete snapshot is older", OLD - DAY],
  ])("F66: a tombstone stays while %s, because an old event could bring the record back", async (_, floor) => {
    const id = await store(floor);
    await insert("inventory", { location_id: id, inventory_id: "sold_out", ...pack(0, OLD) });
    await insert("products", {
      location_id: id,
      product_id: "gone",
      ...product("deleted", Math.max(AGES, floor + 1)),
      updated_at: AGES,
    });
    await sweepAll(id);
    expect(await rows("select 1 from inventory where location_id = ?", id)).toHaveLength(1);
    expect(await rows("select 1 from products where location_id = ?", id)).toHaveLength(1);
  });

  it("F66: a deleted product stays while a package belongs to it or a product is merged into it", async () => {
    const id = await store();
    for (const name of ["held", "merged", "free"])
      await insert("products", { location_id: id, product_id: name, ...product("deleted", AGES) });
    await insert("inventory", { location_id: id, inventory_id: "i", product_id: "held", ...pack(2, NOW) });
    await insert("products", {
      location_id: id,
      product_id: "other",
      merged_into: "merged",
      ...product("active", NOW),
    });
    await sweepAll(id);
    const left = await rows("select product_id from products where location_id = ? order by 1", id);
    expect(left).toEqual([{ product_id: "held" }, { product_id: "merged" }, { product_id: "other" }]);
  });

  it.each<[string, Partial<TypeState>]>([
    ["they cannot be read", { last_success_at: NOW, rooms_error: { code: "TIMEOUT", message: "m", hint: "h", at: 1 } }],
    ["nothing could be read for long", { last_success_at: OLD + DAY }],
    ["nothing was ever read", { last_success_at: null }],
  ])("F66: no room is deleted while %s", async (_, state) => {
    const id = await store();
    await inLocation(id, (own) => own.put("types", { inventory: { ...newState(0), ...state } }));
    const old = { room_name: "Old room", room_type: "storage", updated_at: OLD };
    await insert("rooms", { location_id: id, room_key: "old", ...old });
    await sweepAll(id);
    expect(await rows("select 1 from rooms where location_id = ?", id)).toHaveLength(1);
  });

  it("F66: twelve thousand rows are deleted in bounded steps, each a message of its own", async () => {
    const id = await store();
    await write(
      `insert into changes (location_id, change_id, resource, record_id, fields, cause, at)
       with recursive i(n) as (select 1 union all select n + 1 from i where n < 12000)
       select ?, '${numbered(OLD, "")}' || n, 'products', 'p', '{}', 'poll', 1 from i`,
      id,
    );
    expect(await sweepAll(id)).toBe(3);
    expect(await rows("select 1 from changes where location_id = ?", id)).toEqual([]);
  });

  it("F66: the Location deletes what is past its time; an event that stays pending is ended with a reason", async () => {
    const id = await store();
    const kept = await inLocation(id, (own, sql) => {
      const event = (event_id: string, age: number) => {
        const at = NOW - age;
        const times = { occurred_at: at, received_at: at, applied_at: null, pending_at: at };
        const added = { event_id, type: "inventory.updated", ...times, reason: null, refresh_reason: null, body: "{}" };
        own.events.add([{ ...added, outcome: "pending" }], at);
      };
      for (const [event_id, age] of [
        ["old", 31 * DAY],
        ["young", 29 * DAY],
      ] as const) {
        event(event_id, age);
        own.events.finish(event_id, "applied", null, NOW);
      }
      event("stuck", 3 * DAY);
      event("underway", DAY);
      event("replayed", 29 * DAY);
      own.events.reopen("replayed", "replayed", NOW);
      const push = (push_id: string, state: string, age: number) =>
        sql.exec(
          `insert into pushes (push_id, product_id, dutchie_product_id, state, fields, attempts, edited_by, created_at, updated_at)
           values (?, 'p', '1', ?, '{}', 0, 'x', ?, ?)`,
          push_id,
          state,
          NOW - age,
          NOW - age,
        );
      push("done_old", "done", 31 * DAY);
      push("cancelled_old", "cancelled", 31 * DAY);
      push("parked_old", "parked", 31 * DAY);
      push("conflict_old", "conflict", 31 * DAY);
      push("done_young", "done", 29 * DAY);
      own.hours.count("applied", 1, NOW - 3 * DAY);
      own.hours.count("applied", 1, NOW);
      own.sweep(NOW);
      const ids = (query: string) =>
        sql
          .exec<{ id: string | number }>(query)
          .toArray()
          .map((row) => row.id);
      return {
        events: ids("select event_id as id from events order by 1"),
        pushes: ids("select push_id as id from pushes order by 1"),
        hours: ids("select hour as id from hourly").length,
        pending: own.events.pending(),
        invalid: own.hours.last24h(NOW).invalid,
        stuck: own.events.get("stuck"),
      };
    });
    expect(kept).toMatchObject({
      events: ["replayed", "stuck", "underway", "young"],
      pushes: ["conflict_old", "done_young", "parked_old"],
      hours: 1,
      pending: 2,
      invalid: 1,
      stuck: { outcome: "invalid", reason: expect.stringContaining("within two days"), pending_at: null },
    });
  });

  it("F66: each store is swept each night by its own message, and a disconnected store only by its purge", async () => {
    const { location_id: id } = (await seedStore({ next_full_at: NOW - 1 })).row;
    const sent: unknown[] = [];
    const CHORES = {
      sendBatch: async (messages: { body: unknown }[]) => void sent.push(...messages.map((m) => m.body)),
    };
    expect(
      await deliver(SYNC, [{ kind: "start", location_id: id, at: NOW }], { ...env, CHORES } as unknown as Env),
    ).toEqual(["ack"]);
    expect(sent).toEqual([
      { kind: "sweep", v: MESSAGE_VERSION, location_id: id },
      { kind: "forget_customers", v: MESSAGE_VERSION, location_id: id },
    ]);
    expect(await deliver("reup-dutchie-chores-development", sent)).toEqual(["ack", "ack"]);
    const gone = (await seedStore({ deleted_at: 1 })).row.location_id;
    await insert("changes", { location_id: gone, change_id: numbered(OLD, "a"), ...change(OLD) });
    expect(await sweep(env, { location_id: gone }, NOW)).toBeNull();
    expect(await rows("select 1 from changes where location_id = ?", gone)).toHaveLength(1);
  });

  it("a store that moves gets no further messages at night: those of an earlier night still wait", async () => {
    const { location_id: id } = (await seedStore({ next_full_at: NOW - 1, other_shard: "01" })).row;
    const sendBatch = vi.fn(async () => {});
    const given = { ...env, CHORES: { sendBatch } } as unknown as Env;
    expect(await deliver(SYNC, [{ kind: "start", location_id: id, at: NOW }], given)).toEqual(["ack"]);
    expect(sendBatch).not.toHaveBeenCalled();
    expect(await locationStub(env, id).currentRun()).toMatchObject({ trigger: "schedule" });
  });
});
