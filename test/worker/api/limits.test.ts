import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isDeeperThan, MAX_BODY_MS, readLimited } from "../../../src/api/requests/read-limited.ts";
import { call, errorOf, seedStore, signed, token } from "./support.ts";

afterEach(() => vi.useRealTimers());

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const json = { "content-type": "application/json" };

describe("the depth of JSON", () => {
  it("JSON over 50 levels is 400 on the API", async () => {
    const raw = `{"name":${nested(50)}}`;
    const response = await call("POST", "/v1/locations", { token: await token(), raw, headers: json });
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining("50 levels")]);
  });

  it("JSON over 50 levels is 400 on webhooks, if the signature is valid", async () => {
    const { row, secret } = await seedStore();
    const path = `/webhooks/dutchie/${row.location_id}`;
    const raw = `{"type":"inventory.updated","data":${nested(50)}}`;
    expect((await call("POST", path, { raw })).status).toBe(401);
    const response = await call("POST", path, { raw, headers: await signed(secret, "evt_deep", raw) });
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining("50 levels")]);
  });

  it("the depth is measured as a parser does, without brackets in texts", () => {
    const depth = (value: unknown): number =>
      typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depth)) : 0;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), fc.nat(8), (value, max) => {
        const bytes = new TextEncoder().encode(JSON.stringify(value));
        // Through the parser once more: JSON has no undefined and no lone surrogate in UTF-8.
        expect(isDeeperThan(bytes, max)).toBe(depth(JSON.parse(new TextDecoder().decode(bytes))) > max);
      }),
    );
  });
});

describe("a body that stops arriving", () => {
  /** Sends its beginning, and then nothing. */
  const stalled = () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"name":')),
      cancel: () => {
        cancelled = true;
      },
    });
    return { body, wasCancelled: () => cancelled };
  };

  it("a body that stops arriving is refused after its time, and cancelled", async () => {
    const { body, wasCancelled } = stalled();
    const request = new Request("https://worker.test/", { method: "POST", body });
    expect(await readLimited(request, { ms: 30 })).toEqual({ ok: false, reason: "too_slow" });
    await vi.waitFor(() => expect(wasCancelled()).toBe(true));
  });

  it.each(["/v1/locations", "/webhooks/dutchie/loc_slow"])(
    "a body that stops arriving is 400 in the envelope on %s",
    async (path) => {
      const jwt = await token();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const answer = call("POST", path, { token: jwt, raw: stalled().body, headers: json, env });
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
      await vi.advanceTimersByTimeAsync(MAX_BODY_MS);
      const response = await answer;
      expect([response.status, (await errorOf(response)).message]).toEqual([
        400,
        expect.stringContaining("10 seconds"),
      ]);
    },
  );
});

describe("page sizes", () => {
  it.each(["0", "501", "-1", "1e9", "x"])("limit=%s is 400", async (limit) => {
    const response = await call("GET", `/v1/locations?limit=${limit}`, { token: await token() });
    expect([response.status, (await errorOf(response)).code]).toEqual([400, "INVALID_REQUEST"]);
  });
});
