import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it } from "vitest";
import { createClient } from "../../../src/client/index.ts";
import type { Changed } from "../../../src/domain/feed/changed.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { call, seedStore, token } from "../api/support.ts";

const leaving = new AbortController();
afterEach(() => leaving.abort());

describe("the event `changed`", () => {
  it("viewers hear which products changed, with the numbers of the feed; nothing of what was before they came", async () => {
    const { row } = await seedStore();
    const { location_id } = row;
    const stub = locationStub(env, location_id);
    const create = (id: string) => stub.createProduct(id, { product_name: id }, { by: "ann", reason: null });
    await create("prd_before");
    const seen: Changed[] = [];
    let statuses = 0;
    const given = await token();
    const client = createClient({
      url: "https://worker.test",
      token: given,
      fetch: async (input, init) =>
        call("GET", String(input).replace("https://worker.test", ""), {
          headers: Object.fromEntries(new Headers(init?.headers)),
        }),
    });
    const onChanged = (changed: Changed) => void seen.push(changed);
    void client.subscribeStatus(location_id, () => statuses++, { signal: leaving.signal, onChanged });
    await expect.poll(() => statuses).toBe(1);
    await Promise.all(["prd_1", "prd_2"].map(create));
    await expect.poll(() => seen.flatMap(({ ids }) => ids)).toEqual(["prd_1", "prd_2"]);
    await stub.editProduct("prd_1", { product_name: "another" }, "user_1");
    await expect.poll(() => seen.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    expect(seen.at(-1)).toMatchObject({ resource: "products", ids: ["prd_1"], count: 1 });
    const numbers = seen.map(({ sequence }) => sequence);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const path = `/v1/locations/${location_id}/feed`;
    const feed = await (await call("GET", path, { token: given })).json<{ head: number }>();
    expect(numbers.at(-1)).toBe(feed.head);
  });
});
