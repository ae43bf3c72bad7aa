import { describe, expect, test } from "vitest";
import { createClient } from "../../../../src/dutchie/client.ts";
import { PROFILES, type WriteCall } from "../../../../src/dutchie/profiles/index.ts";
import { answer, config, serve } from "../support/server.ts";

const call: WriteCall = {
  method: "POST",
  path: "/products/product",
  rate: "standard",
  role: "Inventory",
  body: { productId: 7, productName: "Ünïcode" },
};

describe("a write", () => {
  test("a write sends JSON once, and returns the answer", async () => {
    const bodies: string[] = [];
    const { endpoint, headers, seen } = await serve((request, response) => {
      request.on("data", (piece: Buffer) => bodies.push(piece.toString()));
      request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end('{"productId":7}'));
    });
    const before = Date.now();
    const result = await createClient(config(endpoint)).write(call);
    expect(result).toMatchObject({ ok: true, body: { productId: 7 } });
    expect(result.ok && result.written_at).toBeGreaterThanOrEqual(before);
    expect(seen).toEqual(["/products/product"]);
    expect(headers[0]).toMatchObject({ "content-type": "application/json", accept: "application/json" });
    expect(JSON.parse(bodies.join(""))).toEqual(call.body);
  });

  test.each([
    ["guide", "?locationId=17"],
    ["pos", ""],
  ] as const)("a write says which of the key's stores it is for, as a read does: %s", async (profile, query) => {
    const { endpoint, seen } = await answer(200, "[]");
    const client = createClient({ ...config(endpoint), profile, location_id: "17" });
    await client.write(call);
    await client.read("rooms");
    await client.readRaw(new Set(["1"]), {});
    expect(seen.map((url) => new URL(url, endpoint).search)).toEqual([query, query, query]);
  });

  test.each([200, 204])("a write that is answered %i with nothing is done", async (status) => {
    const { endpoint } = await answer(status, "");
    expect(await createClient(config(endpoint)).write(call)).toMatchObject({ ok: true, body: null });
  });

  test.each([
    ["corrected by minutes", 4 * 60_000, 4 * 60_000],
    ["F36: and on our own if Dutchie's is an hour ahead", 3_600_000, 0],
    ["F36: and on our own if Dutchie's is a day behind", -86_400_000, 0],
  ])("a write has its time on Dutchie's clock, %s", async (_name, ahead, corrected) => {
    const { endpoint } = await answer(200, "", { date: new Date(Date.now() + ahead).toUTCString() });
    const result = await createClient(config(endpoint)).write(call);
    expect(result.ok && Math.abs(result.written_at - Date.now() - corrected)).toBeLessThan(5_000);
  });

  test.each([
    ["a flag", '{"Result":false,"Message":"Price locked"}', "REJECTED", "Price locked"],
    [
      "a limit",
      '{"Result":false,"Message":"Too many requests - only 10 per minute allowed"}',
      "RATE_LIMITED",
      "Too many",
    ],
    [
      "an error with a trace",
      '{"Message":"An error has occurred.","TraceId":"00-1"}',
      "REJECTED",
      "error has occurred",
    ],
    ["errors", '{"errors":[{"errorMessage":"too dear"}]}', "REJECTED", "too dear"],
    [
      "one product of a list",
      '[{"productId":6,"success":true},{"productId":7,"success":false,"error":"no"}]',
      "REJECTED",
      "",
    ],
    ["a list of failures", '{"successes":[],"failures":[{"productId":7,"errorMessage":"no"}]}', "REJECTED", "no"],
    ["a list inside", '{"data":[{"productId":7,"isValid":false}]}', "REJECTED", "did not save"],
    ["a state", '{"status":"failed"}', "REJECTED", "did not save"],
    [
      "a refusal in a JSON string",
      JSON.stringify('{"Result":false,"Message":"Price locked"}'),
      "REJECTED",
      "Price locked",
    ],
    ["a web page that calls itself JSON", "\n<!DOCTYPE html><title>Sign in</title>", "NOT_DUTCHIE", "web page"],
  ])("a write that is answered 200 with %s is no success", async (_what, body, code, message) => {
    const { endpoint } = await answer(200, body);
    const result = await createClient(config(endpoint)).write(call);
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringContaining(message) } });
  });

  test.each([
    ["a product", '{"productId":7,"productName":"Ünïcode","errors":null,"status":"active"}'],
    ["a list of products", '[{"productId":7},{"productId":8,"error":""}]'],
    ["a flag", '{"Result":true,"Message":"Saved"}'],
    ["words", '"OK"'],
    ["a product in a JSON string", JSON.stringify('{"productId":7}')],
    ["a product and a trace", '{"productId":7,"traceId":"00-1"}'],
    ["a flag and a trace", '{"Result":true,"Message":"Saved","TraceId":"00-1"}'],
    ["no failures", '{"successes":[{"productId":7}],"failures":[]}'],
  ])("a write that is answered 200 with %s is done", async (_what, body) => {
    const { endpoint } = await answer(200, body);
    expect(await createClient(config(endpoint)).write(call)).toMatchObject({ ok: true });
  });

  test.each([
    ["7", 7],
    ["007", "007"],
    ["7.0", "7.0"],
    ["b3c1-aa", "b3c1-aa"],
    ["9007199254740993", "9007199254740993"],
  ])("a price is written to the product with Dutchie's id %s, and to no other", (dutchie_product_id, productId) => {
    const { body } = PROFILES.pos.writes.sparseCall([{ dutchie_product_id, values: { unit_price: 9 } }]);
    expect(body).toEqual([{ productId, price: 9 }]);
  });

  test.each([
    [400, '{"message":"Validation failed","propertyErrors":[{"errorMessage":"too dear"}]}', "REJECTED", "too dear"],
    [422, "no", "REJECTED", "no"],
    [404, "", "NOT_WRITABLE", "cannot be written"],
    [405, "", "NOT_WRITABLE", "cannot be written"],
    [501, "", "NOT_WRITABLE", "cannot be written"],
    [401, "", "UNAUTHORIZED", "API key"],
    [403, "{}", "FORBIDDEN", "Inventory"],
    [429, "{}", "RATE_LIMITED", "Too many"],
    [500, "", "UPSTREAM_5XX", "failed"],
  ])("a write that is answered %i (%s) is %s", async (status, body, code, message) => {
    const { endpoint, seen } = await answer(status, body);
    const result = await createClient(config(endpoint)).write(call);
    expect(result).toMatchObject({ ok: false, error: { code, message: expect.stringContaining(message) } });
    expect(seen).toHaveLength(1);
  });
});

describe("the body of a write", () => {
  const row = { dutchie_product_id: "7", values: { product_name: "N", unit_price: 12.5, unit_cost: 3 } };

  test("pos: a write contains price and cost of several products, and no other field", () => {
    const other = { dutchie_product_id: "8", values: { unit_cost: 4 } };
    expect(PROFILES.pos.writes.sparseCall([{ ...row, values: { unit_price: 12.5 } }, other])).toMatchObject({
      method: "POST",
      path: "/products/location-overrides",
      body: [
        { productId: 7, price: 12.5 },
        { productId: 8, cost: 4 },
      ],
    });
  });

  test("guide: a write contains any field under the guide's name", () => {
    expect(PROFILES.guide.writes.sparseCall([row])).toMatchObject({
      method: "PATCH",
      path: "/products/7",
      body: { name: "N", price: 12.5, unitCost: 3 },
    });
  });
});
