import { describe, expect, it } from "vitest";
import { MAX_ERROR_BYTES, MAX_QUOTE } from "../../../../src/domain/bounds.ts";
import type { DutchieError } from "../../../../src/domain/runs/failure.ts";
import { createClient } from "../../../../src/dutchie/client.ts";
import { dutchieError } from "../../../../src/dutchie/http/errors.ts";
import { all, readError } from "../support/collect.ts";
import { config } from "../support/server.ts";

const KEY = "Qx7+Vb/2mT==Zr9&hJ";
const ESCAPED = [...KEY].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** A client whose Dutchie sends these bodies, one after the other, with status 200. */
function clientOf(...bodies: string[]) {
  const answers = bodies.map((body) => new Response(body, { headers: { "content-type": "application/json" } }));
  return createClient(config("https://dutchie.example", { api_key: KEY }), {
    fetch: async () => answers.shift() ?? new Response("[]"),
  });
}

async function errorOf(...bodies: string[]): Promise<DutchieError> {
  const read = await clientOf(...bodies).read("products");
  return read.ok ? (await readError(() => all(read.rows))).error : read.error;
}

const ERRORS = [
  JSON.stringify({ data: [], error: `The key ${KEY} has expired` }),
  `{"data":[],"error":"The key ${ESCAPED} has expired"}`,
  JSON.stringify({ success: false, message: `No: ${encodeURIComponent(KEY)}` }),
  JSON.stringify({ data: [], errors: [{ detail: `${"x".repeat(MAX_QUOTE - 8)}${KEY}` }] }),
  `Too many requests of ${KEY}`,
  `Too many requests ${"x".repeat(MAX_QUOTE - 26)}${btoa(KEY)}`,
];

describe("F76: an error with status 200 and a key in it", () => {
  it.each(ERRORS)("F76: an error with status 200 does not show the key: %s", async (body) => {
    const { message } = await errorOf(body);
    expect(message).toContain("repeats the API key");
    expect(message).not.toMatch(/qx7|zr9|xxx/i);
  });

  it.each(ERRORS)("F76: an error on the second page does not show the key: %s", async (body) => {
    const { code, message } = await errorOf(JSON.stringify({ data: [{ productId: 1 }], next: "2" }), body);
    expect(["BAD_RESPONSE", "RATE_LIMITED"]).toContain(code);
    expect(message).toContain("repeats the API key");
  });

  it("F76: an error does not show a key from the products that are read before a write", async () => {
    const raw = await clientOf(ERRORS[0] ?? "").readRaw(new Set(["1"]), {});
    expect(raw.ok ? "" : raw.error.message).toContain("repeats the API key");
  });

  it("F76: an error without a key in it is quoted", async () => {
    expect((await errorOf('{"data":[],"error":"The key has expired"}')).message).toBe(
      "Dutchie answered with an error instead of rows: The key has expired",
    );
  });

  it.each([KEY, KEY.toLowerCase()])("F76: the names of a row's fields do not show the key: %s", async (name) => {
    const read = await clientOf(JSON.stringify([{ [name]: 1 }])).read("products");
    const [chunk] = read.ok ? await all(read.rows) : [];
    expect(chunk?.failures).toHaveLength(1);
    expect(JSON.stringify(chunk)).not.toMatch(/qx7/i);
  });
});

describe("F77: the length of an error", () => {
  const many = (count: number, size: number) =>
    JSON.stringify({
      data: [],
      error: "y",
      ...Object.fromEntries(range(count).map((i) => [`error${i}`, "y".repeat(size)])),
    });
  const range = (count: number) => Array.from({ length: count }, (_, i) => i);

  it.each([
    ["190 errors of 60 KB", many(190, 60_000)],
    ["16 errors of 60 KB", many(16, 60_000)],
    ["an error of 70 KB", JSON.stringify({ data: [], error: "y".repeat(70_000) })],
    ["an error of 60 KB in signs of three bytes", JSON.stringify({ data: [], error: "≤".repeat(20_000) })],
    [
      "an error behind 300 other values",
      JSON.stringify({ ...Object.fromEntries(range(300).map((i) => [`k${i}`, i])), data: [], error: "y" }),
    ],
    ["a plain text", `rate limit ${"y".repeat(70_000)}`],
  ])("F77: an error is short, whatever it quotes: %s", async (_, body) => {
    const { message, code } = await errorOf(body);
    expect(["BAD_RESPONSE", "RATE_LIMITED"]).toContain(code);
    expect(message.length).toBeLessThan(MAX_QUOTE + 100);
  });

  it.each(["y", "é", "≤", "🌿"])("F77: an error's own text of %s is cut", (sign) => {
    const { message, hint } = dutchieError("BAD_RESPONSE", sign.repeat(100_000), { hint: sign.repeat(100_000) });
    for (const text of [message, hint]) {
      const bytes = new TextEncoder().encode(text).length;
      expect(bytes).toBeLessThanOrEqual(MAX_ERROR_BYTES);
      expect(bytes).toBeGreaterThan(MAX_ERROR_BYTES - 4);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it.each(["endCursor", "nextLink", "paging"])("F77: a list that ends with a %s of 70 KB is an error", async (key) => {
    const { message } = await errorOf(
      JSON.stringify({ data: [{ productId: 1 }], [key]: { next: "y".repeat(70_000) } }),
    );
    expect(message).toContain('"next" is too long');
  });
});
