import { afterEach, expect, it, vi } from "vitest";
import { MESSAGE_VERSION } from "../../../src/contract/messages.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, truthOf, WEBHOOKS } from "./support.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

const HOUR_MS = 60 * 60_000;
/** Products of which Dutchie lists none: one with an id, one without. */
const byId = { productId: 2_000_042, sku: "SKU-LATE", productName: "Late Haze 1g" };
const byName = { sku: "SKU-NAMELESS", productName: "Nameless Haze 1g" };

it.each([
  ["a product by its id", [byId]],
  ["a product without an id", [byName]],
  ["both, in one batch", [byId, byName, byId]],
])("a package row from before the last complete snapshot creates no product: it names %s", async (_, named) => {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  const [known] = await rows<{ id: string }>(
    "select dutchie_inventory_id as id from inventory where location_id = ? and quantity > 0 limit 1",
    rig.id,
  );
  const occurred_at = new Date(Date.now() - HOUR_MS).toISOString();
  const messages = named.flatMap((product, n) =>
    [known?.id, "77777"].map((id) => {
      const data = { inventoryId: Number(id), quantityAvailable: 3, roomQuantities: [], ...product };
      const body = { type: "inventory.updated", occurred_at, data };
      return { v: MESSAGE_VERSION, location_id: rig.id, event_id: `late_${n}_${id}`, received_at: Date.now(), body };
    }),
  );
  await deliver(WEBHOOKS, messages);
  for (const { event_id } of messages)
    expect(await rig.location.getEvent(event_id)).toMatchObject({ outcome: "stale" });
  expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
});
