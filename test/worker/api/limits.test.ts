import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { isDeeperThan, MAX_BODY_MS, readLimited } from "../../../src/api/requests/read-limited.ts";
import { call, errorOf, fakeLocation, seedStore, signed, token } from "./support.ts";

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

describe("a body in another encoding", () => {
  const name = (bytes: number[]) =>
    Uint8Array.from([...new TextEncoder().encode('{"name":"Caf'), ...bytes, ...new TextEncoder().encode('"}')]);

  it.each([
    ["Latin-1", name([0xe9])],
    ["half a letter", name([0xc3])],
    ["a surrogate", name([0xed, 0xa0, 0x80])],
    ["UTF-16", new Uint8Array(Uint16Array.from('{"name":"é"}', (sign) => sign.charCodeAt(0)).buffer)],
    ["a compressed one", Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
  ])("%s is 400, and no sign is replaced by a question mark", async (_, raw) => {
    const { row } = await seedStore();
    const path = `/v1/locations/${row.location_id}`;
    const jwt = await token();
    const response = await call("PATCH", path, { token: jwt, raw, headers: json });
    expect([response.status, (await errorOf(response)).message]).toEqual([400, expect.stringContaining("not JSON")]);
    expect(await (await call("GET", path, { token: jwt })).json()).toMatchObject({ name: row.name });
  });

  it("UTF-8 is stored as it came, with or without a byte order mark", async () => {
    const { row } = await seedStore();
    const given = { token: await token(), env: fakeLocation({ configured: async () => {} }), headers: json };
    for (const mark of ["", "\ufeff"]) {
      const raw = `${mark}{"name":"Café 🌿 東京${mark.length}"}`;
      const response = await call("PATCH", `/v1/locations/${row.location_id}`, { ...given, raw });
      expect(await response.json()).toMatchObject({ name: `Café 🌿 東京${mark.length}` });
    }
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
    await expect.poll(wasCancelled).toBe(true);
  });

  it.each(["/v1/locations", "/webhooks/dutchie/loc_slow"])(
    "a body that stops arriving is 400 in the envelope on %s",
    async (path) => {
      const jwt = await token();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      const answer = call("POST", path, { token: jwt, raw: stalled().body, headers: json, env });
      await expect.poll(() => vi.getTimerCount()).toBeGreaterThan(0);
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
