import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Resource } from "../../../../src/domain/records/model.ts";
import { createClient } from "../../../../src/dutchie/client.ts";
import { DutchieReadError } from "../../../../src/dutchie/http/errors.ts";
import { split } from "../support/collect.ts";

/** What a client reads of answers in a row: the ids, and how the read ended. */
async function read(resource: Resource, ...bodies: (string | { body: string; type?: string })[]) {
  let asked = 0;
  const fetch = async () => {
    const each = bodies[asked++] ?? "[]";
    const { body, type } = typeof each === "string" ? { body: each, type: "application/json" } : each;
    const response = new Response(body);
    response.headers.delete("content-type");
    if (type !== undefined) response.headers.set("content-type", type);
    return response;
  };
  const client = createClient(
    { endpoint: "https://dutchie.test", api_key: "key", profile: "guide", auth: "basic" },
    { fetch },
  );
  const result = await client.read(resource);
  if (!result.ok) return { rows: 0, code: result.error.code, message: result.error.message };
  let rows = 0;
  try {
    for await (const chunk of result.rows) rows += chunk.rows.length;
  } catch (error) {
    if (!(error instanceof DutchieReadError)) throw error;
    return { rows, code: error.error.code, message: error.error.message };
  }
  return { rows, code: "complete", message: "" };
}

describe("F42: answers that are not a list", () => {
  it.each([
    ["a message and a trace", '{"Message":"An error has occurred.","TraceId":"00-1"}', "BAD_RESPONSE"],
    ["a limit", '{"Result":false,"Message":"Too many requests - only 120 per minute allowed"}', "RATE_LIMITED"],
    ["a limit in words alone", "Too many requests - only 120 per minute allowed", "RATE_LIMITED"],
    ["a limit as a JSON string", '"Too many requests"', "RATE_LIMITED"],
    ["a limit without a flag", '{"message":"Rate limit exceeded"}', "RATE_LIMITED"],
    ["an error", '{"error":"upstream timed out"}', "BAD_RESPONSE"],
    ["an error of its own shape", '{"error":{"code":17}}', "BAD_RESPONSE"],
    ["success: false", '{"success":false}', "BAD_RESPONSE"],
    ["a status in the body", '{"status":503,"title":"Service Unavailable"}', "BAD_RESPONSE"],
    ["an empty list beside a failure", '{"Result":false,"data":[]}', "BAD_RESPONSE"],
    ["an empty list beside an error", '{"data":[],"error":"timeout"}', "BAD_RESPONSE"],
    ["an empty list beside errors", '{"errors":[{"message":"timeout"}],"Products":[]}', "BAD_RESPONSE"],
    ["an empty list beside a message", '{"data":[],"message":"The report is being prepared"}', "BAD_RESPONSE"],
    ["rows beside errors: a part of them", '{"data":[{"id":1,"quantity":1}],"errors":["shard 2"]}', "BAD_RESPONSE"],
    ["an empty list inside, a failure outside", '{"Success":false,"Data":{"Products":[]}}', "BAD_RESPONSE"],
    ["null", "null", "NOT_DUTCHIE"],
    ["true", "true", "NOT_DUTCHIE"],
    ["a number", "0", "NOT_DUTCHIE"],
    ["an empty text", '""', "BAD_RESPONSE"],
    ["nothing", "", "BAD_RESPONSE"],
    ["a byte order mark alone", "\ufeff", "BAD_RESPONSE"],
    ["an object without a list", '{"version":"1.2"}', "NOT_DUTCHIE"],
    ["null under data", '{"data":null}', "BAD_RESPONSE"],
    ["an empty list under an unknown name", '{"whatever":[]}', "BAD_RESPONSE"],
    ["a web page", { body: "<!doctype html><html>Sign in</html>", type: "text/html" }, "NOT_DUTCHIE"],
    ["a web page without a content type", { body: "<html>Sign in</html>" }, "NOT_DUTCHIE"],
    ["a web page behind a mark and blanks", { body: "\ufeff \r\n\t<html></html>" }, "NOT_DUTCHIE"],
    ["a web page that calls itself JSON", "\n\n<!-- down --><html></html>", "NOT_DUTCHIE"],
    ["a text that was cut", '"[{\\"id\\":1,\\"quantity\\":1}]', "BAD_RESPONSE"],
    ["a text twice wrapped", JSON.stringify(JSON.stringify("[]")), "NOT_DUTCHIE"],
  ])("F42: %s is no list", async (_name, body, code) => {
    for (const resource of ["inventory", "products", "sales", "rooms"] as const)
      expect(await read(resource, body)).toMatchObject({ code });
  });

  it.each([
    ["fewer rows than the total", '{"data":[{"id":1,"quantity":1}],"total":500}'],
    ["no rows of three", '{"items":[],"totalCount":3}'],
    ["fewer than a total one floor down", '{"data":[{"id":1,"quantity":1}],"pagination":{"total":2}}'],
    ["the total before the rows, as text", '{"Total":"9","Inventory":[{"id":1,"quantity":1}]}'],
    ["more pages than came", '{"data":[{"id":1,"quantity":1}],"page":1,"total_pages":4}'],
    ["more rows without a next page", '{"data":[{"id":1,"quantity":1}],"has_more":true}'],
    ["more rows, as a text", '{"data":[{"id":1,"quantity":1}],"hasMore":"True"}'],
    ["not complete", '{"data":[{"id":1,"quantity":1}],"isComplete":false}'],
    ["not the last page, one floor down", '{"content":[{"id":1,"quantity":1}],"page":{"last":"false"}}'],
    ["not done", '{"done":false,"records":[{"id":1,"quantity":1}]}'],
    ["a partial success by its status", '{"status":"partial_success","data":[{"id":1,"quantity":1}]}'],
    ["still being made by its status", '{"status":"Processing","data":[]}'],
    ["a part by its state", '{"state":"incomplete","data":[{"id":1,"quantity":1}]}'],
    ["fewer than a total two floors down", '{"data":[{"id":1,"quantity":1}],"meta":{"pagination":{"total":2}}}'],
    ["more pages, two floors down", '{"meta":{"page":{"total_pages":2}},"data":[{"id":1,"quantity":1}]}'],
    ["fewer than OData counts", '{"@odata.count":2,"value":[{"id":1,"quantity":1}]}'],
    ["fewer than all entries", '{"data":[{"id":1,"quantity":1}],"total_entries":2}'],
    ["a token for more", '{"data":[{"id":1,"quantity":1}],"continuationToken":"abc"}'],
    ["where more begins", '{"data":[{"id":1,"quantity":1}],"nextOffset":1}'],
    ["a key after which there is more", '{"Items":[{"id":1,"quantity":1}],"LastEvaluatedKey":{"id":1}}'],
    ["a limit that was reached", '{"data":[{"id":1,"quantity":1}],"limit_reached":true}'],
  ])("F42: %s is not the whole list", async (_name, body) => {
    expect(await read("inventory", body)).toMatchObject({ code: "BAD_RESPONSE" });
  });

  it("F42: a list goes on where one of its links says so", async () => {
    const links = [
      { rel: "self", href: "/inventory" },
      { rel: "next", href: "/inventory?page=2" },
    ];
    const first = JSON.stringify({ data: [{ id: 1, quantity: 1 }], links });
    const last = JSON.stringify({ data: [{ id: 2, quantity: 1 }], links: links.slice(0, 1) });
    expect(await read("inventory", first, last)).toMatchObject({ rows: 2, code: "complete" });
    expect(await read("inventory", first, "<html>")).toMatchObject({ code: "NOT_DUTCHIE" });
  });

  it("F42: a total counts the rows of all pages", async () => {
    const page = (id: number, next: string | null) => JSON.stringify({ data: [{ id, quantity: 1 }], next, total: 3 });
    expect(await read("inventory", page(1, "b"), page(2, "c"), page(3, null))).toMatchObject({
      rows: 3,
      code: "complete",
    });
    expect(await read("inventory", page(1, "b"), page(2, null))).toMatchObject({ rows: 2, code: "BAD_RESPONSE" });
  });
});

describe("F42: a list is read wherever it stands", () => {
  const row = { id: 1, quantity: 2, name: 'a "b" \\ é 🌿' };
  it.each([
    ["Products", { Products: [row] }],
    ["data", { data: [row], total: 1 }],
    ["items", { items: [row], message: "OK" }],
    ["results", { count: 1, results: [row] }],
    ["Data.Products", { Result: true, Data: { Products: [row], Total: 1 } }],
    ["an unknown name, as the only list of objects", { success: true, tags: ["x"], shelf: [row] }],
    ["beside a list of notices", { warnings: [{ text: "old" }], data: [row] }],
    ["beside a list of something else", { stores: [{ id: 9 }], data: [row] }],
    ["any name, with a total of one of one", { data: [row], errors: [], error: null, status: "ok", hasMore: false }],
    [
      "data, counted to its end",
      { data: [row], nextOffset: 1, total: 1, nextToken: null, meta: { page: { total: 1 } } },
    ],
    ["data with other links", { data: [row], links: [{ rel: "self", href: "/x" }, null, { rel: "next", href: null }] }],
    [
      "data, complete",
      { data: [row], complete: true, isLast: "true", done: true, status: "completed", last: "2026-11-27" },
    ],
  ])("F42: a list is read under %s", async (_name, body) => {
    const whole = await split(JSON.stringify(body), { names: ["products"] });
    expect(whole.error).toBeNull();
    expect(whole.rows).toMatchObject([{ ok: true, value: row }]);
    const text = await split(JSON.stringify(JSON.stringify(body)), {
      names: ["products"],
      cuts: [3, 4, 5, 9, 17, 30, 31],
    });
    expect(text).toEqual(whole);
  });

  it("F42: an empty list is complete if nothing contradicts it", async () => {
    for (const body of [
      '{"Products":[]}',
      '"[]"',
      '{"data":[],"total":0}',
      '{"data":[],"message":"No products found."}',
    ])
      expect(await split(body, { names: ["products"] })).toMatchObject({ rows: [], error: null });
  });

  it("F42: of two lists none is guessed, and the error says so", async () => {
    for (const body of ['{"a":[{"id":1}],"b":[{"id":2}]}', '{"data":[{"id":1}],"items":[{"id":2}]}']) {
      const { error } = await split(body);
      expect(error?.code).toBe("BAD_RESPONSE");
      expect(error?.message).toMatch(/lists/);
    }
    const one = await split('{"transactionId":1,"total":5,"items":[{"id":2}]}');
    expect(one.error?.message).toBe('The answer is a single row, not a list: its "items" is a part of the row');
  });

  it("F42: a list inside a text is the same as outside, wherever it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.string({ unit: "binary" }))),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (list, cuts) => {
          const body = JSON.stringify(list);
          const { rows, error } = await split(JSON.stringify(body), { cuts });
          expect(error).toBeNull();
          expect(rows.map((each) => (each.ok ? each.value : each))).toEqual(JSON.parse(body));
        },
      ),
      { numRuns: 200 },
    );
  });

  it("F42: a long list under an unknown name streams", async () => {
    const rows = Array.from({ length: 3_000 }, (_, id) => ({ id, text: "x".repeat(1_000) }));
    const result = await split(JSON.stringify({ shelf: rows, total: 3_000 }));
    expect(result).toMatchObject({ error: null, count: 3_000 });
  });
});
