import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { decodeCursor, toPage } from "../../../src/api/answers/cursor.ts";
import { logInsert } from "../../../src/db/change-log.ts";
import { recordsDb } from "../../../src/db/databases.ts";
import { changes, runs } from "../../../src/db/schema/records.ts";
import { writeBatch } from "../../../src/db/write.ts";
import {
  MAX_CALL_BYTES,
  MAX_FAILURES,
  MAX_LOGGED,
  MAX_MESSAGE_BYTES,
  MAX_PAGE_BYTES,
  MAX_REASON,
  MAX_ROWS_BYTES,
} from "../../../src/domain/bounds.ts";
import { reasonOf } from "../../../src/domain/events/event-reason.ts";
import { logRowsOf } from "../../../src/domain/feed/log-rows.ts";
import { numberChanges } from "../../../src/domain/records/sequence.ts";
import { rowCalls } from "../../../src/pipeline/reading/row-calls.ts";
import { causeOf, faultOf } from "../../../src/platform/failures.ts";
import { call, seedStore, token } from "../api/support.ts";

/** The platform's limits, bytes. */
const QUEUE_MESSAGE = 128_000;
const CALL = 32 * 1_048_576;
const ROW = 2_000_000;

const db = recordsDb(env, { location_id: "", shard: "00" });
const LONG = "😀".repeat(50_000);

describe("F77: what the Worker makes itself is bounded", () => {
  it("F77: the bounds are below the platform's limits", () => {
    expect(MAX_MESSAGE_BYTES).toBeLessThan(QUEUE_MESSAGE);
    expect(MAX_CALL_BYTES * 4).toBeLessThan(CALL);
    expect(MAX_FAILURES * MAX_REASON * 4).toBeLessThan(ROW);
  });

  it("F77: an event's reason is short, however many rows fail and whatever they say", () => {
    const failure = fc.record({
      resource: fc.constant("inventory" as const),
      dutchie_id: fc.option(fc.string({ maxLength: 200 })),
      reason: fc.oneof(fc.string(), fc.constant(LONG)),
    });
    fc.assert(
      fc.property(fc.array(failure, { maxLength: 120 }), fc.nat(100_000), (failures, more) => {
        const reason = reasonOf(failures, more);
        if (failures.length === 0) expect(reason).toBeNull();
        else expect(reason?.length).toBeLessThan(11 * (MAX_REASON + 2) + 40);
      }),
    );
  });

  it("F77: a line of the log is short, and names where the fault is, not the content", () => {
    expect(causeOf(new Error(LONG)).length).toBeLessThanOrEqual(MAX_LOGGED);
    const fault = faultOf(new TypeError(`${LONG} Jane Doe`));
    expect(fault.length).toBeLessThanOrEqual(MAX_LOGGED);
    expect(fault).toMatch(/^TypeError at /);
    expect(fault).not.toContain("Jane");
  });

  it.each([
    [500, 100, 1],
    [500, 100_000, 16],
    [1, 10_000_000, 1],
    [0, 0, 1],
  ])("F77: a read passes %i rows of %i characters on in %i calls, in their order", (count, size, calls) => {
    const rows = Array.from({ length: count }, (_, n) => ({ room_key: `${n}`, text: "x".repeat(size) }));
    const made = [...rowCalls({ resource: "rooms", rows: rows as never })];
    expect(made).toHaveLength(calls);
    expect(made.flatMap((each): unknown[] => each.rows)).toEqual(rows);
    if (count > 1)
      for (const each of made) expect(JSON.stringify(each.rows).length).toBeLessThanOrEqual(MAX_ROWS_BYTES);
  });

  it("F77: an entry of the change log contains the beginning of a long text", async () => {
    const { row } = await seedStore({ shard: "00" });
    const entry = { resource: "products", record_id: "p", cause: "webhook", ref: "e", at: 1, source_at: 1 } as const;
    const fields = { product_name: ["a", LONG], unit_price: [1, 2] } satisfies Record<string, [unknown, unknown]>;
    await writeBatch(
      db,
      logInsert(row.location_id, logRowsOf(numberChanges([{ digest: "d", ...entry, fields }], 0), [], 0)),
    );
    const [stored] = (await db.select().from(changes)).filter(({ location_id }) => location_id === row.location_id);
    expect(stored?.fields.unit_price).toEqual([1, 2]);
    expect(String(stored?.fields.product_name?.[1]).length).toBeLessThanOrEqual(500);
  });

  it("F77: a page of large rows ends earlier, and the next one continues there", () => {
    const rows = Array.from({ length: 101 }, (_, n) => ({ n, text: "x".repeat(MAX_PAGE_BYTES / 10) }));
    const page = toPage(rows, { limit: 100, list: "/v1/x" }, ({ n }) => [n]);
    expect(page.data.length).toBeGreaterThan(5);
    expect(JSON.stringify(page.data).length).toBeLessThanOrEqual(MAX_PAGE_BYTES + 200);
    const key = decodeCursor(z.tuple([z.number()]), page.next_cursor ?? "", "/v1/x");
    expect(key).toEqual([page.data.length - 1]);
    const large = [{ n: 1, text: "x".repeat(2 * MAX_PAGE_BYTES) }];
    expect(toPage(large, { limit: 1, list: "/v1/x" }, ({ n }) => [n]).data).toHaveLength(1);
  });

  it("F77: 500 runs of a hundred failures each are listed, page by page", async () => {
    const { row } = await seedStore({ shard: "00" });
    const { location_id } = row;
    const failures = Array.from({ length: 100 }, (_, n) => ({
      resource: "sales",
      dutchie_id: `${n}`,
      reason: "r".repeat(300),
    }));
    for (let n = 0; n < 300; n++) {
      const run_id = `run_${String(n).padStart(4, "0")}`;
      const shared = {
        location_id,
        run_id,
        mode: "full",
        trigger: "manual",
        state: "completed",
        started_at: 1,
        finished_at: 2,
      };
      await db.insert(runs).values({
        ...shared,
        duration_ms: 1,
        records_processed: 1,
        failed: 100,
        document: { run_id, finished_at: "x", failures },
      });
    }
    const jwt = await token();
    const seen: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const response = await call("GET", `/v1/locations/${location_id}/syncs?limit=500${more}`, { token: jwt });
      expect(response.status).toBe(200);
      const text = await response.text();
      expect(text.length).toBeLessThan(MAX_PAGE_BYTES + 1_000);
      const page = JSON.parse(text) as { data: { run_id: string }[]; next_cursor: string | null };
      seen.push(...page.data.map(({ run_id }) => run_id));
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(300);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
    const brief = await call("GET", `/v1/locations/${location_id}/syncs?limit=500&brief=true`, { token: jwt });
    expect((await brief.json<{ data: unknown[] }>()).data).toHaveLength(300);
  });
});
