import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import type { SimulatorOptions } from "../../simulator/options.ts";
import { signStandard } from "../../simulator/webhooks/signature.ts";
import { type RunView, Stage, until } from "./support.ts";

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver's server, which accepts all messages; under /broken it fails. */
const received: Received[] = [];
const receiver: Server = createServer((request, response) => {
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => {
    body += piece;
  });
  request.on("end", () => {
    const path = request.url ?? "";
    received.push({ path, headers: request.headers, body });
    response.statusCode = path === "/broken" ? 500 : 204;
    response.end();
  });
});

let stage: Stage;
let dutchie: RunningSimulator;
const apiKey = "key-of-the-store";
const simulator: SimulatorOptions = { size: 20, salesDays: 2, limits: "off", seed: 77, apiKey, profiles: ["pos"] };

beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  [stage, dutchie] = await Promise.all([Stage.open(), serveSimulator(simulator)]);
});
afterAll(async () => {
  await Promise.all([stage?.close(), dutchie?.close()]);
  receiver.closeAllConnections();
  receiver.close();
});

it("a failure and a recovery of Dutchie each send a signed notice, even if another channel fails", async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  const { location } = await stage.api.call<{ location: { location_id: string } }>("POST", "/v1/locations", {
    name: "Green Door",
    time_zone: "America/Denver",
    dutchie: { endpoint: dutchie.url, api_key: apiKey, profile: "pos" },
    settings: { sales_history_days: 7 },
  });
  const channels = await stage.api.call<{ channel_id: string; secret: string }[]>("PUT", "/v1/alert-channels", [
    { kind: "webhook", target: `${url}/hook?from=reup`, rules: ["sync_failed"], enabled: true },
    { kind: "webhook", target: `${url}/broken`, enabled: true },
  ]);
  const [hook, broken] = channels;
  const test = await stage.api.call("POST", "/v1/alert-channels/test", { channel_id: hook?.channel_id });
  expect(test).toMatchObject({ ok: true, error: null });

  const store = `/v1/locations/${location.location_id}`;
  const sync = async (mode: string): Promise<RunView> => {
    const { run_id } = await stage.api.call<RunView>("POST", `${store}/syncs`, { mode });
    return until(
      () => stage.api.get<RunView>(`${store}/syncs/${run_id}`),
      ({ state }) => !["queued", "running", "waiting"].includes(state),
    );
  };
  expect((await sync("initial")).state).toBe("completed");

  const port = Number(new URL(dutchie.url).port);
  await dutchie.close();
  expect(await sync("full")).toMatchObject({ state: "failed", error: { code: "ECONNREFUSED" } });
  dutchie = await serveSimulator({ ...simulator, port });
  expect((await sync("full")).state).toBe("completed");

  const notices = await until(
    async () => received.filter(({ path }) => path === "/hook?from=reup"),
    (requests) => requests.length >= 3,
  );
  expect(notices.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: "alert.test" },
    { type: "alert.fired", data: { rule: "sync_failed", location_name: "Green Door", state: "firing" } },
    { type: "alert.resolved", data: { rule: "sync_failed", state: "resolved", resolved_at: expect.any(String) } },
  ]);
  for (const { headers, body } of notices) {
    const [id, timestamp] = [String(headers["webhook-id"]), Number(headers["webhook-timestamp"])];
    expect(headers["webhook-signature"]).toBe(await signStandard(hook?.secret ?? "", id, timestamp, body));
    expect(Math.abs(Date.now() / 1_000 - timestamp)).toBeLessThan(300);
  }

  const shown = await until(
    () => stage.api.get<{ channel_id: string; last_error: { code: string } | null }[]>("/v1/alert-channels"),
    (list) => list.some(({ last_error }) => last_error !== null),
  );
  expect(shown.map(({ channel_id, last_error }) => [channel_id, last_error?.code])).toEqual([
    [hook?.channel_id, undefined],
    [broken?.channel_id, "UPSTREAM_5XX"],
  ]);
  expect(await stage.api.get("/v1/dead-letters")).toMatchObject({ data: [] });
});
