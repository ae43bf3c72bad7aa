import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Stage } from "./support.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

interface Report {
  accuracy: number;
  value_at_stake: number;
  healed: number;
  resources: {
    resource: string;
    dutchie_count: number;
    matching: number;
    mismatching: number;
    missing: number;
    extra: number;
    in_flight: number;
  }[];
  examples: {
    resource: string;
    dutchie_id: string;
    field: string;
    dutchie_value: unknown;
    reup_value: unknown;
    likely_cause: string;
  }[];
}

describe("verification", () => {
  it("a verification says what differs, by how much and why, writes nothing, and heals on demand", async () => {
    const store = await stage.connect({ seed: 21 });
    await store.sync("initial");
    const { world } = store.dutchie;
    const [item, gone] = [...world.packages.values()].filter((each) => each.rooms.length === 1);
    const [product] = [...world.products.values()];
    if (item === undefined || gone === undefined || product === undefined) throw new Error("The store is too small.");
    // What changed within S of the read would count as in flight: these say that it was long before.
    const modified = Date.now() - 2 * 3_600_000;
    store.dutchie.setPackage(item.id, { quantity: 4711 }, { silent: true });
    store.dutchie.setProduct(product.id, { price: 99.5 }, { silent: true });
    const [changed, edited] = [world.packages.get(item.id), world.products.get(product.id)];
    if (changed !== undefined) world.packages.put({ ...changed, modified });
    if (edited !== undefined) world.products.put({ ...edited, modified });
    // An absence has no stamp. ReUp has read everything just now, so only the next poll decides.
    store.dutchie.removePackage(gone.id);

    const verified = await store.sync("verify");
    const report = (await store.get<{ verification: Report }>(`/syncs/${verified.run_id}`)).verification;
    expect(verified).toMatchObject({ state: "completed", created: 0, updated: 0, failed: 0 });
    expect(report.accuracy).toBeLessThan(1);
    expect(report.accuracy).toBeGreaterThan(0.9);
    expect(report.healed).toBe(0);
    expect(report.value_at_stake).toBeGreaterThan(0);
    const of = (resource: string) => report.resources.find((each) => each.resource === resource);
    expect(of("products")).toMatchObject({ mismatching: 1, missing: 0, extra: 0 });
    expect(of("inventory")).toMatchObject({ mismatching: 1, missing: 0, extra: 0, in_flight: 1 });
    expect(of("sales")).toMatchObject({ mismatching: 0, missing: 0, extra: 0 });
    expect(report.examples).toContainEqual(
      expect.objectContaining({
        dutchie_id: String(item.id),
        field: "quantity",
        dutchie_value: 4711,
        likely_cause: "missed webhook",
      }),
    );
    expect(report.examples).toContainEqual(
      expect.objectContaining({
        dutchie_id: String(product.id),
        field: "unit_price",
        dutchie_value: 99.5,
        likely_cause: "missed webhook",
      }),
    );
    expect(report.examples).toContainEqual(
      expect.objectContaining({ dutchie_id: String(gone.id), dutchie_value: 0, likely_cause: "in flight" }),
    );
    expect(await store.differences()).toHaveLength(3);
    const alerts = await store.get<{ active_alerts: { rule: string }[] }>("/status");
    expect(alerts.active_alerts.map((alert) => alert.rule)).toEqual(["drift"]);

    const healed = await store.sync("verify", { heal: true });
    expect((await store.get<{ verification: Report }>(`/syncs/${healed.run_id}`)).verification.healed).toBe(2);
    expect(await store.differences()).toEqual([]);
    const again = await store.sync("verify");
    expect(again.verification?.accuracy).toBe(1);
    expect((await store.get<{ active_alerts: object[] }>("/status")).active_alerts).toEqual([]);
  });
});
