import { expect, it } from "vitest";
import { createSimulator } from "../../../simulator/app.ts";
import { wholeProduct } from "../../../src/dutchie/whole-product.ts";

const HEADERS = { accept: "*/*", "user-agent": "reup-test", authorization: `Basic ${btoa("sim-key:")}` };

it("F30: of every product of a store, a whole write changes the edited field and no other", async () => {
  const simulator = createSimulator({ size: 500, seed: 13, salesDays: 0, limits: "off" });
  const write = async (body: unknown) => {
    const headers = { ...HEADERS, "content-type": "application/json" };
    return simulator.app.request("/products/product", { method: "POST", headers, body: JSON.stringify(body) });
  };
  for (const { id } of simulator.world.products.values()) {
    const before = simulator.product(id) ?? {};
    const answer = await write(wholeProduct(before, { product_name: "Edited", thc_percentage: 21 }));
    expect(answer.status, `${id}: ${await answer.clone().text()}`).toBe(200);
    const edited = {
      productName: "Edited",
      thcContent: 21,
      thcContentUnit: "%",
      lastModifiedDateUTC: expect.any(String),
    };
    expect(simulator.product(id)).toEqual({ ...before, ...edited });
  }
});
