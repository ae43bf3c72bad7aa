import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitRows } from "../../../../src/dutchie/stream/split.ts";
import { all, split } from "../support/collect.ts";

const values = (result: Awaited<ReturnType<typeof split>>) => result.rows.map((row) => (row.ok ? row.value : row));
const cuts = fc.array(fc.nat(), { maxLength: 20 });

describe("the splitter and JSON.parse", () => {
  test("any list, cut into chunks anywhere, has the same rows as JSON.parse", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue({ maxDepth: 4 })),
        cuts,
        fc.constantFrom(0, 1, 3),
        async (list, at, indent) => {
          const body = JSON.stringify(list, null, indent);
          const result = await split(body, { cuts: at });
          expect(result.error).toBeNull();
          expect(values(result)).toEqual(JSON.parse(body));
        },
      ),
      { numRuns: 300 },
    );
  });

  test("the list under `data`, with `next` and other keys in any order, has the same rows as JSON.parse", async () => {
    const members = fc.shuffledSubarray(["data", "next", "total", "meta"], { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.jsonValue(),
        fc.jsonValue(),
        members,
        cuts,
        async (data, next, meta, order, at) => {
          const whole: Record<string, unknown> = { data, next, meta, total: data.length };
          const body = JSON.stringify(Object.fromEntries(order.map((key) => [key, whole[key]])));
          const result = await split(body, { cuts: at });
          expect(result.error).toBeNull();
          expect(values(result)).toEqual(JSON.parse(JSON.stringify(data)));
          const none = next === false || next === "";
          expect(result.next).toEqual(none ? null : JSON.parse(JSON.stringify(next)));
        },
      ),
      { numRuns: 200 },
    );
  });

  test("a list is split one byte at a time, through escapes, emoji, a byte order mark and blanks", async () => {
    const list = [{ a: 'quote " and \\ and \u0007 é 🌿', b: ["]", "}", { c: "[{" }] }, "", -1.5e3, true, null, [], {}];
    const body = new TextEncoder().encode(`\ufeff \r\n\t${JSON.stringify(list, null, 2)}\n `);
    const result = await split(body, { cuts: Array.from(body.keys()) });
    expect(result.error).toBeNull();
    expect(values(result)).toEqual(list);
  });

  test("an empty list is complete", async () => {
    expect(await split(" [ ] ")).toMatchObject({ rows: [], error: null, count: 0 });
    expect(await split('{"data":[]}')).toMatchObject({ rows: [], error: null, next: null });
  });

  test("a web stream is split, too", async () => {
    const body = new Response("[1,2]").body as ReadableStream<Uint8Array>;
    expect((await all(splitRows(body))).flat()).toEqual([
      { ok: true, value: 1, size: 1 },
      { ok: true, value: 2, size: 1 },
    ]);
  });
});

describe("characters beyond ASCII among rows that have none", () => {
  const word = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.constantFrom("é", "™", "😀", "\ufeff", "\ud800"),
  );

  test("each row beyond ASCII is what JSON.parse says, wherever the body is cut and whatever stands before the rows", async () => {
    const rows = fc.array(fc.record({ id: fc.nat(), name: word }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, word, fc.array(fc.nat(), { maxLength: 5 }), async (list, note, cuts) => {
        const text = new TextEncoder().encode(JSON.stringify({ note, data: list }));
        const result = await split(text, { cuts });
        expect(values(result)).toEqual(JSON.parse(new TextDecoder().decode(text)).data);
      }),
    );
  });

  test("bytes that are no character shift no row after them", async () => {
    const bytes = new TextEncoder().encode('[{"a":"??"},{"b":"é"},{"c":"x"}]');
    bytes.set([0xff, 0xe2], 7);
    expect(values(await split(bytes))).toEqual([{ a: "\ufffd\ufffd" }, { b: "é" }, { c: "x" }]);
  });
});

describe("a body that is not whole", () => {
  test("a body that is cut off anywhere is never complete", async () => {
    const list = fc.array(fc.record({ id: fc.nat(), name: fc.string({ unit: "binary" }) }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(
        list,
        fc.boolean(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (rows, paged, part) => {
          const body = new TextEncoder().encode(JSON.stringify(paged ? { data: rows, next: null } : rows));
          const result = await split(body.subarray(0, Math.floor(body.length * part)));
          expect(result.error?.code).toBe("BAD_RESPONSE");
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ["nothing", "", "BAD_RESPONSE"],
    ["blanks", " \n", "BAD_RESPONSE"],
    ["text behind the end", "[1] x", "BAD_RESPONSE"],
    ["a second list behind the end", "[][]", "BAD_RESPONSE"],
    ["a missing value", "[1,,2]", "BAD_RESPONSE"],
    ["a comma before the end", "[1,]", "BAD_RESPONSE"],
    ["a missing comma", '[{"a":1} {"a":2}]', "BAD_RESPONSE"],
    ["brackets that do not match", '[{"a":[1}]]', "BAD_RESPONSE"],
    ["the rows twice", '{"data":[1],"data":[2]}', "BAD_RESPONSE"],
    ["`data` that is no list", '{"data":null}', "BAD_RESPONSE"],
    ["a web page", "<!doctype html>", "NOT_DUTCHIE"],
    ["a text", '"hello"', "NOT_DUTCHIE"],
    ["null", "null", "NOT_DUTCHIE"],
    ["an object without rows", '{"version":"no"}', "NOT_DUTCHIE"],
    ["an empty object", "{}", "NOT_DUTCHIE"],
  ])("a malformed body is never complete: %s", async (_name, body, code) => {
    expect((await split(body)).error?.code).toBe(code);
  });
});

describe("one bad row", () => {
  test.each([
    ["a bare word", '{"id":2,"a":NaN}'],
    ["a number with a leading zero", '{"id":2,"a":01}'],
    ["a raw line break in a text", '{"id":2,"a":"x\ny"}'],
    ["an unknown escape", '{"id":2,"a":"\\x"}'],
    ["a comma too many", '{"id":2,"a":1,}'],
  ])("a bad row fails alone: %s", async (_name, bad) => {
    const result = await split(`[{"id":1},${bad},{"id":3}]`);
    expect(result.error).toBeNull();
    expect(result.rows.map((row) => row.ok)).toEqual([true, false, true]);
  });

  test.each(['[{"a":"x},{"b":"y"},{"c":"z}]', '[{"a":"x},{"b:1}]', '[{"a":1},{b":"y"},{"c":"z},{"d":1}]'])(
    "a row that contains its neighbours because quotes are missing fails the whole read: %s",
    async (body) => {
      expect((await split(body)).error?.code).toBe("BAD_RESPONSE");
    },
  );

  test("a row over its limit is dropped except for its head, and the read continues", async () => {
    const huge = JSON.stringify({ id: 2, text: "x".repeat(50_000) });
    const result = await split(`[1,${huge},3]`, { max_row_bytes: 10_000, cuts: [5_000, 20_000, 40_000] });
    expect(result.error).toBeNull();
    expect(result.rows.map((row) => row.ok)).toEqual([true, false, true]);
    expect(result.rows[1]).toMatchObject({ reason: "the row is too large" });
    expect(JSON.stringify(result.rows[1]).length).toBeLessThan(6_000);
  });
});

describe("the limits of a body", () => {
  test("a body over its limit is BAD_RESPONSE", async () => {
    expect((await split(`[${"1,".repeat(600)}1]`, { max_bytes: 1_000 })).error?.code).toBe("BAD_RESPONSE");
  });

  test("a row of more than 64 levels fails alone, and one of more than 65,536 fails the answer", async () => {
    const nested = (levels: number) => `{"id":2,"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    const read = (levels: number) => split(`[{"id":1},${nested(levels)},{"id":3}]`, { cuts: [30, 90, 30_000] });
    expect(values(await read(64))).toHaveLength(3);
    for (const levels of [65, 400, 65_000]) {
      const { error, rows } = await read(levels);
      expect(error).toBeNull();
      expect(rows).toMatchObject([{ ok: true }, { ok: false, reason: "the row is nested too deeply" }, { ok: true }]);
    }
    expect((await read(70_000)).error?.code).toBe("BAD_RESPONSE");
  });

  test("brackets that do not match in the depth of a row fail the whole read", async () => {
    const row = `{"id":2,"a":${"[".repeat(200)}${"]".repeat(100)}}${"]".repeat(99)}}`;
    expect((await split(`[{"id":1},${row},{"id":3}]`)).error?.code).toBe("BAD_RESPONSE");
  });

  test("a value beside the rows that is nested too deeply fails the read", async () => {
    const body = `{"data":[],"meta":${"[".repeat(80)}${"]".repeat(80)}}`;
    expect((await split(body)).error?.code).toBe("BAD_RESPONSE");
  });
});

test("a reader that leaves early cancels the body", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("[1,2,3,")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const rows of splitRows(body)) {
    expect(rows[0]).toEqual({ ok: true, value: 1, size: 1 });
    break;
  }
  expect(cancelled).toBe(true);
});

describe("F83: bytes of lists beside the rows are limited", () => {
  const lists = (count: number, rows: readonly unknown[]) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`list${i}`, rows])));

  test.each([
    ["40 lists of 400 KB", lists(40, [{ text: "x".repeat(400_000) }])],
    ["40 lists of texts", lists(40, ["x".repeat(400_000)])],
    ["100,000 empty lists", lists(100_000, [])],
  ])("F83: %s under unknown names are refused before the end", async (_, text) => {
    const { error, rows } = await split(`${text.slice(0, -1)},"more":`);
    expect(error?.message).toContain("several lists");
    expect(rows).toEqual([]);
  });

  test("F83: lists beside the meant list are not read", async () => {
    const text = JSON.stringify({ data: [{ id: 1 }], ...JSON.parse(lists(40, [{ text: "x".repeat(400_000) }])) });
    expect(await split(text)).toMatchObject({ error: null, count: 1 });
  });
});
