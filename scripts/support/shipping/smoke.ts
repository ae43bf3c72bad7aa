import { createHmac } from "node:crypto";
import { z } from "zod";

/** A connected store of the environment whose only purpose is to be tried after a deployment. */
export interface Canary {
  location_id: string;
  /** `whsec_…`, of a store with the standard scheme. */
  secret: string;
}

export interface Target {
  url: string;
  canary: Canary | null;
  /** The Worker's name and a version of it that gets the requests, however small its share of the traffic is; null: any. */
  version: { worker: string; id: string } | null;
}

const health = z.object({ status: z.string(), wrong_variables: z.array(z.string()).optional() });

/** How long one answer may take, ms: a new version starts cold. */
const PATIENCE_MS = 15_000;

/**
 * The commands between two smoke tests hold up this process: a connection that is kept is closed meanwhile, and what is asked
 * on it fails. A version that works would lose its traffic.
 */
const NO_KEPT_CONNECTION: [string, string] = ["connection", "close"];

/** How long a new address may take, ms: Cloudflare makes its certificate within minutes. */
const NEW_ADDRESS_MS = 10 * 60_000;

/** Until it is asked again, ms. The first question waits, too: a name that is asked for too early stays unknown for long. */
const ASK_AGAIN_MS = 5_000;

export interface Clock {
  now: () => number;
  pause: (ms: number) => Promise<unknown>;
}

/** Waits until an address leads to this Worker, whatever its health says. False: it does not in time. */
export async function untilReached(url: string, clock: Clock, send: typeof fetch = fetch): Promise<boolean> {
  const end = clock.now() + NEW_ADDRESS_MS;
  for (;;) {
    await clock.pause(ASK_AGAIN_MS);
    // An answer takes time, too.
    const left = end - clock.now();
    if (left <= 0) return false;
    const headers = new Headers([NO_KEPT_CONNECTION]);
    const signal = AbortSignal.timeout(Math.min(PATIENCE_MS, left));
    const answer = send(`${url}/healthz`, { headers, signal, redirect: "manual" });
    const said = await answer.then((response) => response.json()).catch(() => null);
    if (health.safeParse(said).success) return true;
  }
}

/** What does not work; empty: everything that was tried. */
export async function smokeTest(target: Target, now: number, send: typeof fetch = fetch): Promise<string[]> {
  const tries: (readonly [string, () => Promise<string | null>])[] = [
    ["/healthz", () => healthOf(ask("/healthz"))],
    ["the page", () => pageOf(ask("/"))],
  ];
  if (target.canary !== null) tries.push(["a signed webhook", () => webhookOf(target.canary as Canary)]);
  const found = await Promise.all(
    tries.map(async ([what, attempt]) => {
      const problem = await attempt().catch((error: unknown) => `does not answer (${String(error)})`);
      return problem === null ? [] : [`${what} ${problem}`];
    }),
  );
  return found.flat();

  function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const { version } = target;
    if (version !== null) headers.set("Cloudflare-Workers-Version-Overrides", `${version.worker}="${version.id}"`);
    headers.set(...NO_KEPT_CONNECTION);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return send(`${target.url}${path}`, { ...init, headers, signal, redirect: "manual" });
  }

  async function webhookOf({ location_id, secret }: Canary): Promise<string | null> {
    const id = `msg_canary_${now}`;
    const timestamp = String(Math.floor(now / 1_000));
    // No type that anything is known of: the store's records stay as they are.
    const body = JSON.stringify({ type: "canary.deployed", occurred_at: new Date(now).toISOString(), data: {} });
    const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
    const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
    const { status } = await ask(`/webhooks/dutchie/${encodeURIComponent(location_id)}`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": `v1,${signature}`,
      },
    });
    return status === 202 ? null : `is answered ${status}`;
  }
}

async function healthOf(answer: Promise<Response>): Promise<string | null> {
  const response = await answer;
  const said = health.safeParse(await response.json().catch(() => null));
  if (!said.success) return `is answered ${response.status}, and not by this Worker`;
  if (response.status === 200 && said.data.status === "ok") return null;
  const names = said.data.wrong_variables ?? [];
  return `says ${said.data.status}${names.length === 0 ? "" : `: ${names.join(", ")}`}`;
}

async function pageOf(answer: Promise<Response>): Promise<string | null> {
  const response = await answer;
  if (response.status !== 200) return `is answered ${response.status}`;
  return (await response.text()).includes('<div id="root">') ? null : "is not the dashboard";
}
