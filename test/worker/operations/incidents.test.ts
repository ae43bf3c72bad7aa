import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { appWith, call, signed, token } from "../api/support.ts";
import { rows } from "../databases.ts";
import { deliver, Rig, recordsOf, SYNC, truthOf, WEBHOOKS } from "../faults/support.ts";
import { answering, firing, HOUR, later, MINUTE, tick } from "../runs/support.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

async function synced(): Promise<Rig> {
  const rig = await Rig.open();
  await rig.start("initial");
  await rig.drain();
  return rig;
}

/** A package with stock, in one room. */
function packageOf(rig: Rig): { id: string; room: string } {
  const [row] = rig.dutchie.oracle().inventory ?? [];
  if (row === undefined) throw new Error("The simulator has no package.");
  return { id: row.dutchie_inventory_id, room: row.room_name };
}

const eventOf = ({ id, room }: { id: string; room: string }, quantity: number) => ({
  type: "inventory.updated",
  occurred_at: new Date().toISOString(),
  data: {
    inventoryId: Number(id),
    quantityAvailable: quantity,
    roomQuantities: [{ room, quantityAvailable: quantity }],
  },
});

const quantityOf = async (rig: Rig, id: string) =>
  (
    await rows<{ quantity: number }>(
      "select sum(quantity) as quantity from inventory where location_id = ? and dutchie_inventory_id = ?",
      rig.id,
      id,
    )
  )[0]?.quantity;

describe("Dutchie is down for a day", () => {
  it.each<[string, () => Response]>([
    ["503", () => new Response("down", { status: 503 })],
    ["no connection", () => new Response("error code: 521", { status: 521 })],
    [
      "a web page",
      () => new Response("<!doctype html><p>Maintenance</p>", { headers: { "content-type": "text/html" } }),
    ],
    ["empty lists", () => Response.json([])],
  ])(
    "stock stays as it was, webhooks apply, alerts fire, and the next poll makes all of it good: %s",
    async (_, answer) => {
      const rig = await synced();
      const before = await recordsOf(rig.id);
      let isDown = true;
      answering(rig, () => (isDown ? answer() : null));
      const until = Date.now() + 24 * HOUR;
      while (Date.now() < until) {
        later(3 * HOUR);
        await tick(rig);
      }
      expect(await recordsOf(rig.id)).toEqual(before);
      // What Dutchie can still say is believed.
      const item = packageOf(rig);
      rig.dutchie.setPackage(Number(item.id), { quantity: 41, room: item.room });
      const event = {
        location_id: rig.id,
        event_id: `evt_down_${rig.id}`,
        received_at: Date.now(),
        body: eventOf(item, 41),
      };
      await deliver(WEBHOOKS, [event], rig.env);
      expect(await quantityOf(rig, item.id)).toBe(41);
      expect((await firing(rig)).map((line) => line.split(":")[0])).toEqual(["stale", "sync_failed"]);
      rig.dutchie.act({ count: 20 });
      isDown = false;
      for (let polls = 0; polls < 3; polls++) {
        later(70 * MINUTE);
        await tick(rig);
      }
      expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
      expect((await firing(rig)).filter((line) => !line.startsWith("webhooks_silent"))).toEqual([]);
    },
  );
});

describe("a webhook secret that leaked", () => {
  it("what a stranger signed with it is shown until the next full sync; after the rotation he is refused, and the sync corrects it", async () => {
    const rig = await synced();
    const item = packageOf(rig);
    const truth = await quantityOf(rig, item.id);
    const admin = await token();
    const rotate = async (body: object) =>
      (await call("POST", `/v1/locations/${rig.id}/webhook/rotate`, { token: admin, body })).json<{ secret: string }>();
    const leaked = (await rotate({})).secret;
    let sent = 0;
    const app = appWith(undefined, () => Date.now());
    const forge = async (secret: string) => {
      const raw = JSON.stringify(eventOf(item, 999));
      const headers = await signed(secret, `evt_forged_${rig.id}_${sent++}`, raw);
      const { status } = await call("POST", `/webhooks/dutchie/${rig.id}`, { raw, headers, env: rig.env, app });
      await deliver(
        WEBHOOKS,
        rig.queue.splice(0).map(({ body }) => body),
        rig.env,
      );
      return status;
    };
    expect(await forge(leaked)).toBe(202);
    expect(await quantityOf(rig, item.id)).toBe(999);
    const fresh = (await rotate({ leaked: true })).secret;
    expect(await forge(leaked)).toBe(401);
    later(6 * MINUTE);
    await rig.start("full");
    await rig.drain();
    expect(await quantityOf(rig, item.id)).toBe(truth);
    expect(await recordsOf(rig.id)).toEqual(truthOf(rig.dutchie));
    // The genuine sender is heard.
    expect(await forge(fresh)).toBe(202);
  });
});

describe("a retailer that leaves", () => {
  /** Every table that names the retailer, or one of his stores. */
  async function naming(...words: string[]): Promise<string[]> {
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf%' and name not like 'd1_%'",
    );
    const found = await Promise.all(
      tables.map(async ({ name }) => {
        const text = JSON.stringify(await rows(`select * from "${name}"`));
        return words.some((word) => text.includes(word)) ? [name] : [];
      }),
    );
    return found.flat().sort();
  }

  it("leaves nothing behind once each store is purged and the lists of channels and receivers are empty", async () => {
    const retailer_id = "ret_leaving";
    const rigs = [await Rig.open({}, { retailer_id }), await Rig.open({}, { retailer_id })];
    const admin = await token({ retailer_id });
    const put = (path: string, body: unknown[]) => call("PUT", path, { token: admin, body, env: rigs[0]?.env ?? env });
    const channel = { kind: "webhook", target: "https://ops.shop.com/alerts", enabled: true };
    const receiver = { url: "https://reup.shop.com/changes", events: ["inventory.changed"], enabled: true };
    expect((await put("/v1/alert-channels", [channel])).status).toBe(200);
    expect((await put("/v1/subscriptions", [receiver])).status).toBe(200);
    for (const rig of rigs) {
      await rig.start("initial");
      await rig.drain();
    }
    const ids = rigs.map(({ id }) => id);
    expect((await naming(retailer_id, ...ids)).length).toBeGreaterThan(5);
    for (const rig of rigs) {
      const path = `/v1/locations/${rig.id}?purge=true`;
      expect((await call("DELETE", path, { token: admin, env: rig.env })).status).toBe(204);
    }
    expect((await put("/v1/alert-channels", [])).status).toBe(200);
    expect((await put("/v1/subscriptions", [])).status).toBe(200);
    for (const rig of rigs)
      await deliver(
        SYNC,
        rig.queue.splice(0).map(({ body }) => body),
        rig.env,
      );
    expect(await naming(retailer_id, ...ids)).toEqual([]);
  });
});
