import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { signStandard } from "../../simulator/webhooks/signature.ts";
import { FeedCopy } from "../support/feed-copy.ts";
import { Stage, type Store, until } from "./support.ts";

interface Message {
  type: string;
  data: { sequence: number; records: { record_id: string; state: string; record: Record<string, unknown> | null }[] };
}

/** A receiver's server that stores what it gets as the API's description says. While it is broken it stores nothing. */
const records = new Map<string, Record<string, unknown>>();
const types = new Set<string>();
let [seen, requests, isBroken, secret] = [0, 0, false, ""];
const checks: Promise<string | null>[] = [];
const receiver = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => {
    body += piece;
  });
  request.on("end", () => {
    requests += 1;
    response.statusCode = isBroken ? 503 : 204;
    checks.push(check(request.headers, body));
    if (!isBroken) store(JSON.parse(body) as Message);
    response.end();
  });
});

/** What is wrong with the signature; null: nothing. */
async function check(headers: IncomingHttpHeaders, body: string): Promise<string | null> {
  const [id, timestamp] = [String(headers["webhook-id"]), Number(headers["webhook-timestamp"])];
  const expected = await signStandard(secret, id, timestamp, body);
  return expected === headers["webhook-signature"] ? null : `${id} is signed otherwise`;
}

function store({ type, data }: Message): void {
  if (data.sequence <= seen) return;
  seen = data.sequence;
  types.add(type);
  for (const { record_id, state, record } of data.records) {
    if (state === "gone" || record === null) records.delete(record_id);
    else records.set(record_id, record);
  }
}

let stage: Stage;
let shop: Store;

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  stage = await Stage.open();
});
afterAll(async () => {
  await stage?.close();
  receiver.closeAllConnections();
  receiver.close();
});

/** What the receiver has differently from the lists, and the feed's reader. */
async function differences(): Promise<string[]> {
  const path = (of: string) => `/v1/locations/${shop.id}${of}`;
  const [told, read] = [new FeedCopy(stage.api, path), new FeedCopy(stage.api, path)];
  for (const [id, record] of records) told.set(id, record);
  await read.follow(100);
  return [...(await told.differences()), ...(await read.differences())];
}

it("a receiver has every record of the store: after an import, webhooks, a failure of its own, and a crash of the Worker", async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const events = ["inventory.changed", "product.changed", "sale.recorded", "sync.completed", "sync.failed"];
  const [saved] = await stage.api.call<{ secret: string; subscription_id: string }[]>("PUT", "/v1/subscriptions", [
    { url, events, enabled: true },
  ]);
  secret = saved?.secret ?? "";
  shop = await stage.connect({ size: 40, salesDays: 3, profiles: ["pos"] });
  expect(await shop.sync("initial")).toMatchObject({ state: "completed" });
  await until(differences, (left) => left.length === 0);

  shop.sendWebhooks();
  for (let acts = 0; acts < 10; acts++) shop.dutchie.act();
  await shop.dutchie.webhooks.idle();
  await until(shop.differences.bind(shop), (left) => left.length === 0);
  await until(differences, (left) => left.length === 0);

  isBroken = true;
  for (let acts = 0; acts < 10; acts++) shop.dutchie.act();
  await shop.dutchie.webhooks.idle();
  type Shown = { state: string; waiting: number; last_error: { code: string } | null };
  const shown = async () => (await stage.api.get<Shown[]>("/v1/subscriptions"))[0];
  const failing = await until(shown, (subscription) => subscription?.state === "failing");
  expect(failing).toMatchObject({ last_error: { code: "UPSTREAM_5XX" } });
  expect(failing?.waiting).toBeGreaterThan(0);

  await stage.crashAndRestart();
  isBroken = false;
  const before = requests;
  await until(differences, (left) => left.length === 0);
  expect(requests).toBeGreaterThan(before);
  expect(await until(shown, (subscription) => subscription?.state === "ok")).toMatchObject({ waiting: 0 });
  expect((await Promise.all(checks)).filter((each) => each !== null)).toEqual([]);
  expect(types).toEqual(new Set(events.filter((type) => type !== "sync.failed")));
});
