import { describe, expect, test } from "vitest";
import { createClient } from "../../../../src/dutchie/client.ts";
import { dutchieError } from "../../../../src/dutchie/http/errors.ts";
import { all, readError } from "../support/collect.ts";
import { answer, closedPort, config, routes, serve } from "../support/server.ts";

const product = (id: number) => ({ productId: id, productName: `P${id}` });

async function failure(endpoint: string, deps = {}) {
  const result = await createClient(config(endpoint), deps).read("products");
  if (result.ok) throw new Error("the read should have failed");
  return result.error;
}

async function readAll(endpoint: string, more = {}, options = {}) {
  const result = await createClient(config(endpoint, more)).read("products", options);
  if (!result.ok) throw new Error(result.error.message);
  return (await all(result.rows)).flatMap((chunk) => chunk.rows.map((row) => row.dutchie_product_id));
}

describe("a read of a list", () => {
  test("a read hands out chunks of at most 1,000 decoded rows", async () => {
    const rows = Array.from({ length: 2_200 }, (_, i) => (i === 3 ? { productName: "no id" } : product(i + 1)));
    const { endpoint } = await answer(200, JSON.stringify(rows));
    const result = await createClient(config(endpoint)).read("products");
    if (!result.ok) throw new Error(result.error.message);
    const chunks = await all(result.rows);
    expect(chunks.map((chunk) => chunk.rows.length + chunk.failures.length)).toEqual([1_000, 1_000, 200]);
    expect(chunks[0]?.failures).toEqual([{ resource: "products", dutchie_id: null, reason: "the product has no id" }]);
  });

  test("an empty list is complete and has no chunk", async () => {
    const { endpoint } = await answer(200, "[]");
    const result = await createClient(config(endpoint)).read("inventory");
    expect(result.ok && (await all(result.rows))).toEqual([]);
  });

  test("a read lists a row of broken JSON by its id and continues", async () => {
    const { endpoint } = await answer(200, '[{"productId":1},{"productId":2,"price":NaN},{"productId":3}]');
    const result = await createClient(config(endpoint)).read("products");
    if (!result.ok) throw new Error(result.error.message);
    const [chunk] = await all(result.rows);
    expect(chunk?.rows.map((row) => row.dutchie_product_id)).toEqual(["1", "3"]);
    expect(chunk?.failures).toEqual([{ resource: "products", dutchie_id: "2", reason: "the row is not valid JSON" }]);
  });

  test("a read sends the headers that the firewall needs, and the key as Basic with an empty password", async () => {
    const server = await answer(200, "[]");
    await readAll(`${server.endpoint}/`);
    expect(server.headers[0]).toMatchObject({
      accept: "application/json",
      "user-agent": "reup-dutchie/0.1",
      authorization: `Basic ${Buffer.from("key-123456:").toString("base64")}`,
    });
  });

  test.each([
    [{ integrator_key: "ïnt" }, "authorization", `Basic ${Buffer.from("key-123456:ïnt", "utf8").toString("base64")}`],
    [{ auth: "bearer" as const }, "authorization", "Bearer key-123456"],
    [{ auth: { header: "X-Api-Key" } }, "x-api-key", "key-123456"],
  ])("a request shows the key as %j", async (more, header, value) => {
    const server = await answer(200, "[]");
    await readAll(server.endpoint, more);
    expect(server.headers[0]?.[header]).toBe(value);
  });

  const from = Date.UTC(2026, 0, 1);
  const to = Date.UTC(2026, 0, 5);
  test.each([
    [
      "pos",
      "products",
      { modified_from: from },
      "/reporting/products?fromLastModifiedDateUTC=2026-01-01T00:00:00.000Z",
    ],
    ["pos", "products", {}, "/reporting/products"],
    [
      "pos",
      "inventory",
      { modified_from: from },
      "/reporting/inventory?includeLabResults=false&includeRoomQuantities=true&includeAllocated=true",
    ],
    [
      "pos",
      "sales",
      { modified_from: from, modified_to: to },
      "/reporting/transactions?FromLastModifiedDateUTC=2026-01-01T00:00:00.000Z&ToLastModifiedDateUTC=2026-01-05T00:00:00.000Z&IncludeDetail=true",
    ],
    ["pos", "rooms", {}, "/room/rooms"],
    [
      "guide",
      "products",
      { modified_from: from },
      "/products?fromLastModifiedDateUTC=2026-01-01T00:00:00.000Z&locationId=7",
    ],
    ["guide", "inventory", {}, "/inventory?locationId=7"],
    [
      "guide",
      "sales",
      { modified_from: from, modified_to: to },
      "/transactions?fromLastModifiedDateUTC=2026-01-01T00:00:00.000Z&toLastModifiedDateUTC=2026-01-05T00:00:00.000Z&locationId=7",
    ],
    ["guide", "rooms", {}, "/rooms?locationId=7"],
  ] as const)("a read of %s %s %j asks for %s", async (profile, resource, options, path) => {
    const server = await answer(200, "[]");
    const result = await createClient(config(server.endpoint, { profile, location_id: "7" })).read(resource, options);
    expect(result.ok).toBe(true);
    expect(decodeURIComponent(server.seen[0] ?? "")).toBe(path);
  });
});

describe("T of a read is its start by Dutchie's clock, as far as we trust it", () => {
  const now = Date.UTC(2026, 0, 1, 12, 0, 0);
  const MINUTE = 60_000;
  const utc = (offset: number) => new Date(now + offset).toUTCString();
  const read = (headers: Record<string, string>[]) => {
    const pages = headers.map((each, index) => {
      const next = index + 1 < headers.length ? `page-${index + 1}` : null;
      return new Response(JSON.stringify({ data: [{ productId: 1 }], next }), { headers: each });
    });
    const deps = { fetch: async () => pages.shift() ?? new Response("[]"), now: () => now };
    return createClient(config("https://dutchie.test", { profile: "guide" }), deps).read("products");
  };

  test.each([
    ["F36: Dutchie's clock where that is ahead by minutes", utc(2 * MINUTE), 2 * MINUTE, 2 * MINUTE],
    ["F36: Dutchie's clock where that is behind by minutes", utc(-90_000), -90_000, -90_000],
    ["F36: our own clock below a second", utc(900), 0, 0],
    ["F36: our own clock where Dutchie's is 7 days ahead", utc(7 * 1440 * MINUTE), 0, 7 * 1440 * MINUTE],
    ["F36: our own clock where Dutchie's is a day behind", utc(-1440 * MINUTE), 0, -1440 * MINUTE],
    ["F36: our own clock where the header says 2099", "Fri, 01 Jan 2099 00:00:00 GMT", 0, expect.any(Number)],
    ["F36: the header as RFC 850 has it", "Thursday, 01-Jan-26 11:59:00 GMT", -MINUTE, -MINUTE],
    ["F36: the header as asctime has it", "Thu Jan  1 11:59:00 2026", -MINUTE, -MINUTE],
    ["F36: the header as ISO 8601 with an offset", "2026-01-01T12:59:00+01:00", -MINUTE, -MINUTE],
    ["F36: year 1 is no time", "0001-01-01T00:00:00", 0, null],
    ["F36: garbage is no time", "yesterday at noon", 0, null],
    ["F36: two headers in one are no time", `${utc(0)}, ${utc(0)}`, 0, null],
    ["F36: a long header is no time", `${" ".repeat(9)}${"9".repeat(60_000)}`, 0, null],
  ])("T has the right clock: %s", async (_name, date, corrected, reading) => {
    const result = await read([{ date }]);
    if (!result.ok) throw new Error("a read expected");
    expect(result.started_at).toBe(now + corrected);
    expect(result.clockReading()).toEqual(reading);
  });

  test("F36: T is on our own clock if there is no header", async () => {
    const result = await read([{}]);
    if (!result.ok) throw new Error("a read expected");
    expect([result.started_at, result.clockReading()]).toEqual([now, null]);
  });

  test("F36: pages from machines with other clocks do not change T, and the largest difference is reported", async () => {
    const result = await read([{ date: utc(0) }, { date: utc(-7 * MINUTE) }, { date: utc(3 * MINUTE) }]);
    if (!result.ok) throw new Error("a read expected");
    for await (const _ of result.rows);
    expect([result.started_at, result.clockReading()]).toEqual([now, -7 * MINUTE]);
  });
});

describe("the code of a failure", () => {
  test.each([
    [401, "", {}, "UNAUTHORIZED"],
    [403, '{"Message":"Account not authorized"}', {}, "FORBIDDEN"],
    [404, "", {}, "NOT_DUTCHIE"],
    [429, "slow down", {}, "RATE_LIMITED"],
    [500, '"oops"', {}, "UPSTREAM_5XX"],
    [503, "kill switch", {}, "UPSTREAM_5XX"],
    [521, "error code: 521", {}, "ECONNREFUSED"],
    [522, "", {}, "TIMEOUT"],
    [526, "", {}, "TLS"],
    [530, "error code: 1016", {}, "ENOTFOUND"],
    [400, '{"isValid":false,"errors":[{"errorMessage":"bad window"}]}', {}, "BAD_RESPONSE"],
    [302, "", { location: "https://login.example/x?token=s" }, "NOT_DUTCHIE"],
    [204, "", {}, "BAD_RESPONSE"],
    [200, "<html>hello</html>", { "content-type": "text/html" }, "NOT_DUTCHIE"],
    [200, "<html>hello</html>", {}, "NOT_DUTCHIE"],
    [200, "", {}, "BAD_RESPONSE"],
    [200, '{"Message":"hi"}', {}, "BAD_RESPONSE"],
  ])("status %i with body %j and headers %j is %s", async (status, body, headers, code) => {
    const { endpoint } = await answer(status, body, headers);
    const error = await failure(endpoint);
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe("");
    expect(error.message).not.toContain("token");
  });

  test("an address where nobody listens is ECONNREFUSED", async () => {
    expect((await failure(`http://127.0.0.1:${await closedPort()}`)).code).toBe("ECONNREFUSED");
  });

  test("an endpoint that is not an address is refused", async () => {
    expect((await failure("not an address")).code).toBe("ENOTFOUND");
  });

  test("a server that sends no headers in time is TIMEOUT", async () => {
    const { endpoint } = await serve(() => {});
    expect((await failure(endpoint, { timeouts: { headers: 30 } })).code).toBe("TIMEOUT");
  });

  test("a redirect is never followed, so the key stays here", async () => {
    const other = await answer(200, "[]");
    const { endpoint } = await answer(307, "", { location: `${other.endpoint}/products` });
    expect((await failure(endpoint)).code).toBe("NOT_DUTCHIE");
    expect(other.seen).toEqual([]);
  });

  test("a message never contains the key, even if the server echoes it", async () => {
    const { endpoint } = await answer(400, '{"message":"bad key key-123456"}');
    expect((await failure(endpoint)).message).not.toContain("key-123456");
  });

  test("an endless error body is cut, not awaited", async () => {
    const { endpoint } = await serve((_request, response) => {
      response.writeHead(500).write("x".repeat(100_000));
    });
    expect((await failure(endpoint)).code).toBe("UPSTREAM_5XX");
  });

  test("the budget refuses before anything is sent", async () => {
    const server = await answer(200, "[]");
    const error = dutchieError("RATE_LIMITED", "no token left", { retry_after_ms: 700 });
    const asked: string[] = [];
    const beforeRequest = async (rate: string) => {
      asked.push(rate);
      return { ok: false as const, error };
    };
    expect(await failure(server.endpoint, { beforeRequest })).toEqual(error);
    expect([asked, server.seen]).toEqual([["reporting"], []]);
  });
});

describe("a body that breaks in the middle", () => {
  const many = JSON.stringify(Array.from({ length: 1_100 }, (_, i) => product(i))).slice(0, -1);

  test.each([
    ["ends too early", (end: () => void) => end()],
    ["loses its connection", (_end: () => void, destroy: () => void) => destroy()],
  ])("a body throws BAD_RESPONSE when it %s", async (_name, finish) => {
    const { endpoint } = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(many, () =>
        setImmediate(() =>
          finish(
            () => response.end(),
            () => response.destroy(),
          ),
        ),
      );
    });
    const { error } = await readError(() => readAll(endpoint));
    expect(error.code).toBe("BAD_RESPONSE");
  });

  test.each([
    ["idle", { idle: 30 }],
    ["total", { total: 60 }],
  ])("a body throws TIMEOUT when it stands still (%s)", async (_name, timeouts) => {
    const { endpoint } = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write(many);
    });
    const result = await createClient(config(endpoint), { timeouts }).read("products");
    if (!result.ok) throw new Error(result.error.message);
    const { error } = await readError(() => all(result.rows));
    expect(error.code).toBe("TIMEOUT");
  });

  test("a body that ignores its signal throws TIMEOUT, too", async () => {
    const stuck = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(many)) });
    const deps = { fetch: async () => new Response(stuck), timeouts: { total: 30 } };
    const result = await createClient(config("https://dutchie.test"), deps).read("products");
    if (!result.ok) throw new Error(result.error.message);
    const { error } = await readError(() => all(result.rows));
    expect(error.code).toBe("TIMEOUT");
  });

  test("a reader that leaves early closes the connection, even before the first row", async () => {
    const started = await serve((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write(many);
    });
    const result = await createClient(config(started.endpoint)).read("products");
    if (!result.ok) throw new Error(result.error.message);
    await result.rows.return();
    await started.hungUp;
    expect(started.seen).toHaveLength(1);
  });
});

describe("pages of the guide's profile", () => {
  const paged = (next: (page: number, origin: string) => unknown) =>
    serve((request, response, url) => {
      const page = Number(url.searchParams.get("cursor") ?? 1);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ next: next(page, `http://${request.headers.host}`), data: [product(page)] }));
    });

  test.each([
    ["a cursor", (page: number) => String(page + 1)],
    ["a number", (page: number) => page + 1],
    ["a URL", (page: number, origin: string) => `${origin}/products?cursor=${page + 1}`],
    ["a path", (page: number) => `/products?cursor=${page + 1}`],
    ["a query", (page: number) => `?cursor=${page + 1}`],
  ])("pages are followed by %s to the end", async (_name, next) => {
    const { endpoint, seen } = await paged((page, origin) => (page < 3 ? next(page, origin) : null));
    expect(await readAll(endpoint, { profile: "guide" })).toEqual(["1", "2", "3"]);
    expect(seen).toHaveLength(3);
  });

  test.each([
    ["leaves out the store", "?cursor=2"],
    ["names another store", "/products?locationId=8&cursor=2"],
    ["names no store in a HAL link", { href: "/products?cursor=2" }],
  ])("a next page that %s is asked for with this store", async (_name, next) => {
    const { endpoint, seen } = await paged((page) => (page < 2 ? next : null));
    expect(await readAll(endpoint, { profile: "guide", location_id: "7" })).toEqual(["1", "2"]);
    expect(seen.map((path) => new URL(path, endpoint).searchParams.getAll("locationId"))).toEqual([["7"], ["7"]]);
    // A read that continues there asks for it, too.
    if (typeof next !== "string") return;
    await readAll(endpoint, { profile: "guide", location_id: "7" }, { page: next });
    expect(new URL(seen[2] ?? "", endpoint).searchParams.getAll("locationId")).toEqual(["7"]);
  });

  test("a cursor that begins with a slash is a cursor", async () => {
    const { endpoint, seen } = await serve((_request, response, url) => {
      response.end(JSON.stringify({ data: [], next: url.searchParams.has("cursor") ? null : "/9j+4A==" }));
    });
    await readAll(endpoint, { profile: "guide" });
    expect(new URL(seen[1] ?? "", endpoint).searchParams.get("cursor")).toBe("/9j+4A==");
  });

  test("a next page on another host never gets the key", async () => {
    const other = await answer(200, "[]");
    const { endpoint } = await paged(() => `${other.endpoint}/products?cursor=2`);
    const { error } = await readError(() => readAll(endpoint, { profile: "guide" }));
    expect(error).toMatchObject({ code: "BAD_RESPONSE", message: expect.stringContaining("another host") });
    expect(other.seen).toEqual([]);
  });

  test.each([
    ["a full address", (page: number, origin: string) => `<${origin}/products?page=${page}>; rel="next"`],
    ["a path", (page: number) => `</products/page/${page}>; rel=next`],
    ["several links", (page: number) => `</products?page=1>; rel="first", </products?page=${page}>; rel="next"`],
  ])("pages are followed by a Link header to the end: %s", async (_name, link) => {
    const { endpoint, seen } = await serve((_request, response, url) => {
      const page = Number(url.searchParams.get("page") ?? /page\/(\d)/.exec(url.pathname)?.[1] ?? 1);
      if (page < 3) response.setHeader("link", link(page + 1, endpoint));
      response.end(JSON.stringify([product(page)]));
    });
    expect(await readAll(endpoint, { profile: "guide" })).toEqual(["1", "2", "3"]);
    expect(seen).toHaveLength(3);
  });

  test("a Link header to another host never gets the key", async () => {
    const other = await answer(200, "[]");
    const { endpoint } = await answer(200, "[]", { link: `<${other.endpoint}/products?page=2>; rel="next"` });
    expect((await failure(endpoint)).message).toContain("another host");
    expect(other.seen).toEqual([]);
  });

  test.each([
    [{ "x-total-count": "3" }, "announces 3 rows and sent 2"],
    [{ "content-range": "items 0-1/500" }, "announces 500 rows and sent 2"],
    [{ "x-wp-total": "3" }, "announces 3 rows and sent 2"],
    [{ "x-total": "3", "content-range": "items 0-1/2" }, "announces 3 rows and sent 2"],
    [{ "x-total": "3", "x-wp-total": "2" }, "announces 3 rows and sent 2"],
    [{ "x-total": "2", "x-wp-total": "3" }, "announces 3 rows and sent 2"],
    [{ "x-total": "2, 3" }, "announces 3 rows and sent 2"],
    [{ "x-total": "3", "x-wp-total": "many" }, "announces 3 rows and sent 2"],
    [{ "x-pagination": '{"TotalCount":3,"total_count":2}' }, "announces 3 rows and sent 2"],
    [{ "x-next-cursor": "2", "x-wp-next-cursor": "" }, "form a circle"],
    [{ "x-total-pages": "1, 2" }, "announces 2 pages and sent 1"],
    [{ "x-pagination": '{"TotalCount":3,"PageSize":2}' }, "announces 3 rows and sent 2"],
    [{ "x-total-pages": "2" }, "announces 2 pages and sent 1"],
    [{ "x-has-more": "true" }, "more rows, but not where"],
    [{ "x-continuation-token": "abc" }, "more rows, but not where"],
    [{ "x-next-page": "2" }, "form a circle"],
  ])("a list that is shorter than its headers %j announce is incomplete", async (headers, message) => {
    const { endpoint } = await answer(200, JSON.stringify([product(1), product(2)]), headers);
    const { error } = await readError(() => readAll(endpoint));
    expect(error).toMatchObject({ code: "BAD_RESPONSE", message: expect.stringContaining(message) });
  });

  test.each([
    [{ total: 6 }, "6 rows and sent 4"],
    [{ totalPages: 3 }, "3 pages and sent 2"],
  ])(
    "a page that comes again in the place of another one counts once: of %j the list is incomplete",
    async (announced, words) => {
      const serving = (page: number, place: number) => ({
        data: [product(10 * page + 1), product(10 * page + 2)],
        ...announced,
        next: place < 3 ? String(place + 1) : null,
      });
      const read = async (sent: number[]) => {
        const { endpoint } = await serve((_request, response, url) => {
          const place = Number(url.searchParams.get("cursor") ?? 0);
          response.end(JSON.stringify(serving(sent[place] ?? 0, place + 4 - sent.length)));
        });
        return readAll(endpoint, { profile: "guide" });
      };
      const { error } = await readError(() => read([1, 1, 3]));
      expect(error.message).toBe(`The list is incomplete: Dutchie announces ${words}`);
      // Some servers send their first page twice, and nothing is missing.
      expect(new Set(await read([1, 1, 2, 3]))).toEqual(new Set(["11", "12", "21", "22", "31", "32"]));
    },
  );

  test.each<[string, object, RegExp]>([
    ["rows", { total: 6 }, /announces 6 rows and sent 4$/],
    ["pages", { meta: { totalPages: 3 } }, /announces 3 pages and sent 2$/],
  ])(
    "a list that breaks off, and goes on at a page that ends it too early, is incomplete: %s",
    async (_, announced, message) => {
      let asked = 0;
      const { endpoint } = await serve((_request, response, url) => {
        const page = Number(url.searchParams.get("cursor") ?? 1);
        if (page === 2 && ++asked % 2 === 1) response.statusCode = 503;
        const data = [product(10 * page + 1), product(10 * page + 2)];
        response.end(JSON.stringify({ data, next: page === 1 ? "2" : null, ...announced }));
      });
      const broke = await readError(() => readAll(endpoint, { profile: "guide" }));
      expect(broke).toMatchObject({ page: "2", before: { rows: 2, pages: 1 } });
      const going = await readError(() => readAll(endpoint, { profile: "guide" }, { page: "2", before: broke.before }));
      expect(going.error.message).toMatch(message);
      // An older build has not stored what came before.
      asked = 1;
      expect(await readAll(endpoint, { profile: "guide" }, { page: "2" })).toEqual(["21", "22"]);
    },
  );

  test.each([
    [{ "x-total-count": "2" }],
    [{ "x-total-count": "many" }],
    [{ link: "</products>; rel=prev, nonsense" }],
    [{ "x-next-page": "", "x-page": "1", "x-total-pages": "1", "x-has-more": "false", "x-pagination": "{" }],
    [{ "x-ratelimit-remaining": "9", "x-status": "partial", "x-error": "true", "x-result": "false" }],
  ])("a list with the headers %j is complete", async (headers) => {
    const { endpoint } = await answer(200, JSON.stringify([product(1), product(2)]), headers);
    expect(await readAll(endpoint)).toEqual(["1", "2"]);
  });

  test.each([
    [206, {}, "a part of its list"],
    [207, {}, "a part of its list"],
    [202, {}, "not ready"],
    [200, { age: "72000" }, "a cache had kept for 1,200 minutes"],
  ])("an answer %i %j is no current list", async (status, headers, message) => {
    const { endpoint } = await answer(status, JSON.stringify([product(1)]), headers as Record<string, string>);
    expect(await failure(endpoint)).toMatchObject({ code: "BAD_RESPONSE", message: expect.stringContaining(message) });
  });

  test("F36: T of a copy that a cache kept for two minutes is two minutes earlier, on the same clock", async () => {
    const at = Date.now();
    const date = new Date(at - 120_000).toUTCString();
    const { endpoint } = await answer(200, "[]", { age: "120", date });
    const result = await createClient(config(endpoint)).read("products");
    expect(result.ok && Math.abs(result.started_at - (at - 120_000))).toBeLessThan(5_000);
    expect(result.ok && Math.abs(result.clockReading() ?? 0)).toBeLessThan(5_000);
  });

  test("a circle of pages is noticed", async () => {
    const { endpoint, seen } = await paged((page) => String((page % 3) + 1));
    const { error } = await readError(() => readAll(endpoint, { profile: "guide" }));
    expect(error.message).toContain("circle");
    expect(seen.length).toBeLessThan(6);
  });

  test("a rate limit in the middle of a list names the page, and a later read continues there", async () => {
    let wall = true;
    const { endpoint } = await serve((_request, response, url) => {
      const page = Number(url.searchParams.get("cursor") ?? 1);
      if (page === 2 && wall) return void response.writeHead(429, { "retry-after": "7" }).end();
      response.end(JSON.stringify({ data: [product(page)], next: page < 3 ? String(page + 1) : null }));
    });
    const { error, page } = await readError(() => readAll(endpoint, { profile: "guide" }));
    expect(error).toMatchObject({ code: "RATE_LIMITED", retry_after_ms: 7_000 });
    expect(page).toBe("2");
    wall = false;
    expect(await readAll(endpoint, { profile: "guide" }, { page })).toEqual(["2", "3"]);
  });
});

describe("whoami", () => {
  test.each([[{ locationId: 12, locationName: "Main St " }], [{ LocationId: "12", LocationName: "Main St" }]])(
    "an answer of /whoami is read: %j",
    async (body) => {
      const { endpoint } = await routes({ "/whoami": body });
      expect(await createClient(config(endpoint)).whoami()).toMatchObject({
        ok: true,
        dutchie_location_id: "12",
        name: "Main St",
      });
    },
  );

  test.each(["[]", "{}", "hello", ""])("an answer that is not Dutchie's is refused: %j", async (body) => {
    const { endpoint } = await answer(200, body);
    expect(await createClient(config(endpoint)).whoami()).toMatchObject({ ok: false, error: { code: "NOT_DUTCHIE" } });
  });
});
