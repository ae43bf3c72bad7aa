import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { isOvertaken, logInsert, logSelected } from "../../../src/db/change-log.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { headOf, readFeed } from "../../../src/db/queries/read-feed.ts";
import { prepare, writeBatch } from "../../../src/db/write.ts";
import { FEED_RESOURCES } from "../../../src/domain/feed/entries.ts";
import { logRowsOf } from "../../../src/domain/feed/log-rows.ts";
import type { Change, Named } from "../../../src/domain/records/change.ts";
import { firstSequence, numberChanges } from "../../../src/domain/records/sequence.ts";
import { call, errorOf, seedStore, token } from "../api/support.ts";

const AT = Date.UTC(2026, 10, 26);
const DAY = 86_400_000;

const change = (record_id: string, at = AT, digest = `d-${record_id}`): Change => ({
  digest,
  resource: "inventory",
  record_id,
  fields: { quantity: [1, 2] },
  cause: "webhook",
  ref: "evt",
  at,
  source_at: at,
});
interface Log {
  changes: readonly Change[];
  named?: readonly Named[];
}

/** `head`: what the writer holds to be the newest number. */
const insert = (location_id: string, { changes, named: names = [] }: Log, head = 0) =>
  logInsert(location_id, logRowsOf(numberChanges(changes, head), names, head));

const named = (ids: string[], at = AT) => ({ resource: "sales", ids, cause: "poll", ref: "run", at }) as const;

async function store(given: Parameters<typeof seedStore>[0] = {}) {
  const { row } = await seedStore(given);
  const db = recordsDb(env, row);
  const { location_id } = row;
  const all = async () => {
    const head = await headOf(db, location_id);
    const { entries } = await readFeed(db, location_id, { after: 0, head, resources: FEED_RESOURCES, limit: 9_999 });
    return entries.map(({ record_id, sequence }) => ({ record_id, sequence }));
  };
  return { row, db, location_id, all };
}

describe("the numbers of the change log", () => {
  it("follow the order of the commits: within a batch, within a millisecond, and after a clock was set back", async () => {
    const { db, location_id, all } = await store();
    const write = async (log: Log) => writeBatch(db, insert(location_id, log, await headOf(db, location_id)));
    await write({ changes: [change("b", AT, "z"), change("a", AT, "a")] });
    await write({ changes: [change("c", AT, "A")] });
    await write({ changes: [change("d", AT - DAY)] });
    await write({ changes: [change("e", AT + 1)], named: [named(["f", "g"], AT + 1)] });
    const entries = await all();
    expect(entries.map(({ record_id }) => record_id)).toEqual(["b", "a", "c", "d", "e", "f", "g"]);
    const numbers = entries.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers[0]).toBeGreaterThanOrEqual(firstSequence(AT));
    expect(numbers[4]).toBeGreaterThanOrEqual(firstSequence(AT + 1));
  });

  it.each([
    ["one entry", { changes: [change("a")], named: [] }],
    ["only names", { changes: [], named: [named(["a", "b"])] }],
    [
      "several statements",
      {
        changes: Array.from({ length: 2_300 }, (_, n) => change(`r${n}`)),
        named: [named(Array.from({ length: 1_200 }, (_, n) => `s${n}`))],
      },
    ],
  ])("a batch whose answer got lost is sent again and adds nothing: %s", async (_, log) => {
    const { db, location_id, all } = await store();
    await writeBatch(db, insert(location_id, log));
    const before = await all();
    expect(before).toHaveLength(log.changes.length + log.named.flatMap(({ ids }) => ids).length);
    await writeBatch(db, insert(location_id, log));
    expect(await all()).toEqual(before);
    expect(new Set(before.map(({ sequence }) => sequence)).size).toBe(before.length);
  });

  it("a writer that was overtaken writes nothing, neither log nor records", async () => {
    const { db, location_id, all } = await store();
    const late = insert(location_id, { changes: [change("late")], named: [named(["s"])] });
    await writeBatch(db, insert(location_id, { changes: [change("a"), change("b")] }));
    const before = await all();
    const record = sql`insert into sales_days values (${location_id}, '2026-11-26', 'p', 1, 1, 0, 0, 1)`;
    const error = await writeBatch(db, [...late, record]).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(isOvertaken(error)).toBe(true);
    expect(await all()).toEqual(before);
    const left = await db.all(sql`select 1 from sales_days where location_id = ${location_id}`);
    expect(left).toEqual([]);
  });

  it("records that the database itself selects are numbered, too, at most 500 an entry", async () => {
    const { db, location_id, all } = await store();
    const ids = sql`with recursive i(n) as (select 1 union all select n + 1 from i where n < 1100) select 'p' || n as id from i`;
    const { resource, cause, ref, at } = named([]);
    await writeBatch(db, [
      ...insert(location_id, { changes: [change("a")] }),
      logSelected(location_id, { resource, cause, ref, at }, ids),
      logSelected(location_id, { resource, cause, ref, at }, sql`select 'x' as id where false`),
    ]);
    const entries = await all();
    expect(entries).toHaveLength(1_101);
    const [first] = entries;
    expect(entries.map(({ sequence }) => sequence - (first?.sequence ?? 0))).toEqual(entries.map((_, n) => n));
  });

  it("cost one row for a few changes of packages with the sale that moved them, and one for the names of up to 500 records", async () => {
    const { db, location_id } = await store();
    const written = async (log: Log) => {
      const results = await db.$client.batch(
        insert(location_id, log, await headOf(db, location_id)).map((each) => prepare(db.$client, each)),
      );
      return results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
    };
    expect(await written({ changes: [change("a")] })).toBe(1);
    expect(
      await written({
        changes: [change("a"), change("b"), change("c")],
        named: [{ ...named(["s"]), cause: "webhook" }],
      }),
    ).toBe(1);
    expect(await written({ changes: Array.from({ length: 320 }, (_, n) => change(`r${n}`)) })).toBeLessThan(50);
    expect(await written({ changes: [], named: [named(Array.from({ length: 500 }, (_, n) => `s${n}`))] })).toBe(1);
  });
});

describe("GET /v1/locations/{id}/feed", () => {
  const read = async (location_id: string, query = "") => {
    const response = await call("GET", `/v1/locations/${location_id}/feed${query}`, { token: await token() });
    return response;
  };
  type Page = {
    data: { sequence: number; record_id: string; fields: object; record: object | null }[];
    sequence: number;
    head: number;
    has_more: boolean;
  };

  it("a new store's feed is empty; then each page goes on where the one before ended, within an entry of several, too", async () => {
    const { db, location_id } = await store();
    expect(await (await read(location_id)).json<Page>()).toEqual({ data: [], sequence: 0, head: 0, has_more: false });
    await writeBatch(db, insert(location_id, { changes: [change("a")], named: [named(["s1", "s2", "s3"])] }));
    const seen: string[] = [];
    let page: Page = { data: [], sequence: 0, head: 0, has_more: true };
    while (page.has_more) {
      page = await (await read(location_id, `?after=${page.sequence}&limit=2`)).json<Page>();
      seen.push(...page.data.map(({ record_id }) => record_id));
    }
    expect(seen).toEqual(["a", "s1", "s2", "s3"]);
    expect(page.sequence).toBe(page.head);
    // A record that is not there any more is told as gone.
    expect(page.data.map(({ record }) => record)).toEqual([null, null]);
  });

  it("an entry says what changed, in the API's words, and shows the record as it is now", async () => {
    const { db, location_id } = await store();
    await db.$client
      .prepare(
        `insert into products (location_id, product_id, dutchie_product_id, product_name, category, reup_category, status, source, source_at,
          source_rank, content_hash, updated_at) values (?, 'prd_1', '1', 'OG', 'Vape Cartridges', 'vapes', 'active', 'dutchie', 5, 1, 'h', 6)`,
      )
      .bind(location_id)
      .run();
    const fields = { category: ["Vapes", "Vape Cartridges"] } satisfies Change["fields"];
    await writeBatch(db, insert(location_id, { changes: [{ ...change("prd_1"), resource: "products", fields }] }));
    const page = await (await read(location_id)).json<Page>();
    expect(page.data).toMatchObject([
      {
        resource: "products",
        record_id: "prd_1",
        fields: { dutchie_category: { before: "Vapes", after: "Vape Cartridges" } },
        cause: "webhook",
        record: { product_id: "prd_1", category: "vapes", dutchie_category: "Vape Cartridges", status: "active" },
      },
    ]);
    expect(JSON.stringify(page)).not.toContain("reup_category");
  });

  it("410 says where to go on, once entries may be deleted; a young store has lost none", async () => {
    const [old, young] = [await store({ created_at: Date.now() - 200 * DAY }), await store()];
    for (const each of [old, young]) {
      await writeBatch(each.db, insert(each.location_id, { changes: [change("a", Date.now())] }));
    }
    const gone = await read(old.location_id, `?after=${firstSequence(Date.now() - 91 * DAY)}`);
    expect(gone.status).toBe(410);
    const error = await errorOf(gone);
    expect(error).toMatchObject({ code: "GONE", message: expect.stringContaining("Read the store's lists again") });
    const again = await read(old.location_id, `?after=${error.details.sequence}`);
    expect(await again.json<Page>()).toMatchObject({ data: [], has_more: false });
    expect((await (await read(young.location_id, "?after=1")).json<Page>()).data).toHaveLength(1);
    // Without a number it begins where the log begins.
    expect((await (await read(old.location_id)).json<Page>()).data).toHaveLength(1);
  });

  it.each<[string, number | null]>([
    ["whose last change is older than the log", 95],
    ["whose log is empty", null],
  ])("a reader of a quiet store, %s, goes on without a 410", async (_, age) => {
    const quiet = await store({ created_at: Date.now() - 200 * DAY });
    if (age !== null)
      await writeBatch(quiet.db, insert(quiet.location_id, { changes: [change("a", Date.now() - age * DAY)] }));
    const first = await (await read(quiet.location_id)).json<Page>();
    const gone = await read(quiet.location_id, "?after=0");
    expect(gone.status).toBe(410);
    for (const after of [first.sequence, Number((await errorOf(gone)).details.sequence)]) {
      const next = await read(quiet.location_id, `?after=${after}`);
      expect(next.status).toBe(200);
      expect((await next.json<Page>()).data).toEqual([]);
    }
    // What changes from now on is not left out.
    await writeBatch(quiet.db, insert(quiet.location_id, { changes: [change("b", Date.now())] }));
    const later = await (await read(quiet.location_id, `?after=${first.sequence}`)).json<Page>();
    expect(later.data.map(({ record_id }) => record_id)).toEqual(["b"]);
  });

  it("a number that the store cannot have given out is refused, and the answer says where to go on", async () => {
    const { db, location_id } = await store();
    const ahead = firstSequence(Date.now() + DAY);
    expect((await read(location_id, `?after=${ahead}`)).status).toBe(400);
    await writeBatch(db, insert(location_id, { changes: [change("a")] }));
    const { head } = await (await read(location_id)).json<Page>();
    const refused = await read(location_id, `?after=${ahead}`);
    expect(refused.status).toBe(400);
    expect((await errorOf(refused)).message).toContain(`read the store's lists again, then go on after ${head}`);
    // A log may run ahead of the clock.
    await writeBatch(db, insert(location_id, { changes: [change("b", Date.now() + 2 * DAY)] }));
    expect((await read(location_id, `?after=${ahead}`)).status).toBe(200);
  });

  it.each(["-1", "1.5", "x", "9007199254740993", "1e400"])("after=%s is refused", async (after) => {
    const { location_id } = await store();
    expect((await read(location_id, `?after=${after}`)).status).toBe(400);
  });

  it("another retailer's store has no feed", async () => {
    const { location_id } = await store();
    const response = await call("GET", `/v1/locations/${location_id}/feed`, {
      token: await token({ retailer_id: "ret_other" }),
    });
    expect(response.status).toBe(404);
  });
});
