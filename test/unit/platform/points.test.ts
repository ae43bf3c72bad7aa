import { readFileSync } from "node:fs";
import { afterEach, expect, it, vi } from "vitest";
import { type Columns, type Point, writePoint } from "../../../src/platform/points.ts";

const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
afterEach(() => void warned.mockClear());

const RUN: Point = {
  kind: "run",
  location_id: "loc_1",
  mode: "full",
  outcome: "failed",
  code: "TIMEOUT",
  ms: 1_200,
  records: 9,
};
const VERSION_METADATA = { id: "version-1", tag: "0123abcd" };

function written(point: Point, metadata = VERSION_METADATA) {
  const points: Columns[] = [];
  const POINTS = { writeDataPoint: (one: Columns) => void points.push(one) };
  writePoint({ POINTS, VERSION_METADATA: metadata }, point);
  return points;
}

it("a point has its columns in a fixed order, and what is not known is empty or 0", () => {
  expect(written({ ...RUN, failed: 2, written: 3 })).toEqual([
    { indexes: ["loc_1"], blobs: ["run", "full", "failed", "TIMEOUT", "0123abcd"], doubles: [1_200, 9, 2, 3, 0, 0, 0] },
  ]);
  const events = { kind: "events", location_id: "loc_1", outcome: "retry", ms: 5, records: 4, retried: 1 } as const;
  expect(written({ ...events, delay_p50_ms: 7, delay_p95_ms: null })).toEqual([
    { indexes: ["loc_1"], blobs: ["events", "", "retry", "", "0123abcd"], doubles: [5, 4, 0, 0, 1, 7, 0] },
  ]);
});

it("a Worker that was deployed without a tag is known by the id of its version", () => {
  expect(written(RUN, { id: "version-1", tag: "" })[0]?.blobs.at(-1)).toBe("version-1");
});

it("a point keeps within what Analytics Engine takes, however long its words are", () => {
  const long = "x".repeat(100_000);
  const [point] = written({ ...RUN, location_id: long, mode: long, code: long }, { id: long, tag: long });
  const bytes = (words: readonly unknown[] = []) => words.reduce<number>((sum, word) => sum + String(word).length, 0);
  expect(bytes(point?.indexes)).toBe(96);
  expect(bytes(point?.blobs)).toBeLessThan(16_384);
});

it("without the binding no point is written, and one that cannot be written fails nothing but is told", () => {
  expect(() => writePoint({ VERSION_METADATA }, RUN)).not.toThrow();
  expect(warned).not.toHaveBeenCalled();
  const broken = {
    writeDataPoint: () => {
      throw new Error("too many points");
    },
  };
  expect(() => writePoint({ POINTS: broken, VERSION_METADATA }, RUN)).not.toThrow();
  expect(warned.mock.calls.flat().join()).toMatch(/point_not_written.*loc_1.*too many points/);
});

it("docs/operations.md says what is in each column, and its queries use no other", () => {
  const page = readFileSync("docs/operations.md", "utf8");
  const [{ indexes = [], blobs = [], doubles = [] } = {}] = written(RUN);
  const named = (kind: string, columns: unknown[]) => columns.map((_, at) => `${kind}${at + 1}`);
  const columns = [...named("index", indexes), ...named("blob", blobs), ...named("double", doubles)];
  const rows = [...page.matchAll(/^\| (`(?:index|blob|double)\d`.*?) \|/gm)].flatMap(([, row = ""]) =>
    row.match(/\w+\d/g),
  );
  expect(rows).toEqual(columns);
  const queries = [...page.matchAll(/```sql\n([^`]+)```/g)].map(([, query = ""]) => query);
  expect(queries.length).toBeGreaterThanOrEqual(4);
  for (const query of queries) {
    expect(query).toMatch(/FROM reup_dutchie_points_production\n/);
    for (const column of query.match(/\b(?:index|blob|double)\d+/g) ?? []) expect(columns).toContain(column);
  }
});
