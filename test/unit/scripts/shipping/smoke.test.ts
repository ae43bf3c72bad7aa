import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { smokeTest, untilReached } from "../../../../scripts/support/shipping/smoke.ts";
import { verifyStandardWebhook } from "../../../../src/dutchie/webhook/signature.ts";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const key = Buffer.from("0123456789abcdef0123456789abcdef");
const canary = { location_id: "loc_canary", secret: `whsec_${key.toString("base64")}` };
const page = '<!doctype html><div id="root"></div>';

type Answers = Record<string, (request: Request) => Response | Promise<Response>>;
const FINE: Answers = {
  "/healthz": () => Response.json({ status: "ok" }),
  "/": () => new Response(page),
  "/webhooks/dutchie/loc_canary": () => Response.json({ status: "accepted" }, { status: 202 }),
};

async function tried(answers: Answers, version: { worker: string; id: string } | null = null) {
  const requests: Request[] = [];
  const send = (async (url: string, init: RequestInit) => {
    const request = new Request(url, init);
    requests.push(request.clone());
    const answer = answers[new URL(url).pathname];
    if (answer === undefined) throw new TypeError("fetch failed");
    return await answer(request);
  }) as typeof fetch;
  const problems = await smokeTest({ url: "https://dutchie.reup-retail.com", canary, version }, NOW, send);
  return { problems, requests };
}

it("health, the page and a webhook that the Worker can verify are tried on the version that is meant", async () => {
  const { problems, requests } = await tried(FINE, { worker: "reup-dutchie", id: "v2" });
  expect(problems).toEqual([]);
  expect(requests).toHaveLength(3);
  for (const request of requests)
    expect(request.headers.get("Cloudflare-Workers-Version-Overrides")).toBe('reup-dutchie="v2"');
  const webhook = requests.find(({ url }) => url.includes("/webhooks/")) as Request;
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  const verified = await verifyStandardWebhook({
    id: webhook.headers.get("webhook-id"),
    timestamp: webhook.headers.get("webhook-timestamp"),
    signature: webhook.headers.get("webhook-signature"),
    rawBody: new Uint8Array(await webhook.arrayBuffer()),
    keys: [imported],
    now_ms: NOW,
  });
  expect(verified).toEqual({ ok: true });
});

it("no connection is kept until the next smoke test: it would be closed by then", async () => {
  const connections: string[] = [];
  const port = await new Promise<number>((resolve) => {
    const server = createServer((request, response) => {
      connections.push(String(request.headers.connection));
      response.end(JSON.stringify({ status: "ok" }));
    }).listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    onTestFinished(() => void server.close());
  });
  const url = `http://127.0.0.1:${port}`;
  await smokeTest({ url, canary, version: null }, NOW);
  expect(await untilReached(url, { now: Date.now, pause: async () => {} })).toBe(true);
  expect(connections).toEqual(Array(4).fill("close"));
});

it.each<[Answers, string]>([
  [
    { "/healthz": () => Response.json({ status: "failing", wrong_variables: ["PUBLIC_URL"] }, { status: 503 }) },
    "/healthz says failing: PUBLIC_URL",
  ],
  [{ "/healthz": () => new Response("<html>", { status: 200 }) }, "/healthz is answered 200, and not by this Worker"],
  [{ "/": () => new Response("gone", { status: 404 }) }, "the page is answered 404"],
  [{ "/": () => new Response("Hello") }, "the page is not the dashboard"],
  [{ "/": () => Response.redirect("https://elsewhere.example/", 302) }, "the page is answered 302"],
  [{ "/webhooks/dutchie/loc_canary": () => new Response("{}", { status: 401 }) }, "a signed webhook is answered 401"],
])("what does not work is told: %s", async (answers, problem) => {
  expect((await tried({ ...FINE, ...answers })).problems).toEqual([problem]);
});

it("a Worker that nobody reaches fails in each part", async () => {
  const { problems } = await tried({});
  expect(problems).toHaveLength(3);
  for (const problem of problems) expect(problem).toContain("does not answer (TypeError: fetch failed)");
});

/** A clock that moves on by what is waited for. */
function fakeClock() {
  const waits: number[] = [];
  const clock = {
    at: 0,
    waits,
    now: () => clock.at,
    pause: async (ms: number) => {
      clock.at += ms;
      waits.push(ms);
    },
  };
  return clock;
}

const HEALTH = () => Response.json({ status: "failing" }, { status: 503 });
const NOBODY = () => Promise.reject(new TypeError("fetch failed"));

it.each<[string, (() => Response | Promise<Response>)[], boolean, number]>([
  ["at once, also by a Worker that is not well", [HEALTH], true, 1],
  [
    "when its record and its certificate are there",
    [NOBODY, () => new Response("522", { status: 522 }), HEALTH],
    true,
    3,
  ],
  ["never", [NOBODY], false, 120],
])(
  "a new address is asked every five seconds, for ten minutes, after a first pause: it is answered %s",
  async (_, answers, expected, pauses) => {
    const clock = fakeClock();
    const { waits } = clock;
    let asked = 0;
    const send = (async () => {
      expect(waits).toHaveLength(asked + 1);
      return await (answers[asked++] ?? NOBODY)();
    }) as typeof fetch;
    expect(await untilReached("https://dutchie.shop.com", clock, send)).toBe(expected);
    expect(waits).toEqual(Array(pauses).fill(5_000));
  },
);

it.each([
  ["not at all, 15 s each", 15_000, 30],
  ["late, 11 s each", 11_000, 38],
  ["after 4 s each", 4_000, 67],
])("ten minutes are ten minutes, also if an address answers %s", async (_, answer_ms, questions) => {
  const clock = fakeClock();
  let asked = 0;
  const patience = vi.spyOn(AbortSignal, "timeout");
  onTestFinished(() => patience.mockRestore());
  const send = (async () => {
    asked++;
    clock.at += Math.min(answer_ms, patience.mock.lastCall?.[0] ?? Number.POSITIVE_INFINITY);
    return await NOBODY();
  }) as typeof fetch;
  expect(await untilReached("https://dutchie.shop.com", clock, send)).toBe(false);
  expect(asked).toBe(questions);
  // The pause after the last answer may end later.
  expect(clock.at).toBeLessThanOrEqual(10 * 60_000 + 5_000);
});
