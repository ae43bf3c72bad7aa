import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type RunningSimulator, serveSimulator } from "../../simulator/http/serve.ts";
import { developmentToken } from "../support/development-token.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare.ts";
import { type Ran, Workshop } from "./workshop.ts";

/** A host of a domain that the rehearsed account has. */
export const HOST = "dutchie-staging.shop.com";
const DUTCHIE = "https://api.pos.dutchie.com";

export const PROVISION = ["provision", "--", "--env", "staging", "--host", HOST, "--email-from", "alerts@shop.com"];
export const DEPLOY = ["deploy", "--", "--env", "staging"];
export const ADD_SHARD = ["add-shard", "--", "--env", "staging"];
export const ROLLBACK = ["rollback", "--", "--env", "staging"];

export const NOT_WORKING = "/healthz says failing: QUEUED_MS";
/** What a rollback says of a version from before `ADD_SHARD`. */
export const WITHOUT_SHARD = "has no RECORDS_02: it would not serve a store whose records are there";

/** The version that a gradual rollout told how to go on with. */
export function rolledOut(output: string): string {
  const version = /--version (\S+)/.exec(output)?.[1];
  if (version === undefined) throw new Error(`The rollout named no version:\n${output}`);
  return version;
}

/** An operator, an empty account of Cloudflare and a store with its Dutchie, on this machine. */
export class Rehearsal {
  private readonly signing = randomBytes(32).toString("hex");
  /** What the deployments try a webhook with, once a store is connected. */
  private canary: NodeJS.ProcessEnv = {};

  private constructor(
    readonly cloudflare: Cloudflare,
    readonly workshop: Workshop,
    private readonly dutchie: RunningSimulator,
    private readonly told: (text: string) => void,
  ) {}

  static async open(given: { quick: boolean; told?: (text: string) => void }): Promise<Rehearsal> {
    const dutchie = await serveSimulator({ size: 20, salesDays: 2, limits: "off" });
    // Of all the world, the Worker only reaches this Dutchie.
    const cloudflare = await startCloudflare(async (request) => {
      const url = new URL(request.url);
      if (url.origin !== DUTCHIE) return new Response("Nothing is there.", { status: 502 });
      const { method, headers } = request;
      return await fetch(`${dutchie.url}${url.pathname}${url.search}`, { method, headers });
    });
    try {
      const workshop = await Workshop.open(cloudflare, HOST, given);
      return new Rehearsal(cloudflare, workshop, dutchie, given.told ?? (() => {}));
    } catch (error) {
      await Promise.all([cloudflare.close(), dutchie.close()]);
      throw error;
    }
  }

  /** Runs one of the project's commands as the operator does. */
  run(args: readonly string[]): Promise<Ran> {
    this.told(`\n$ npm run ${args.join(" ")}\n`);
    return this.workshop.run(args, this.told, { AUTH_JWT_SECRET: this.signing, ...this.canary });
  }

  /** Makes the next version one that does not work; `NOT_WORKING` is what its smoke test says. */
  async spoil(): Promise<void> {
    this.workshop.change("wrangler.toml", /^(\[env\.staging\.vars\][\s\S]*?QUEUED_MS = ")\d+/m, "$1soon");
    await this.commit("A version that does not work");
  }

  async commit(subject: string): Promise<void> {
    this.told(`\n$ git commit -am "${subject}"\n`);
    await this.workshop.commit(subject);
  }

  /** Connects a store whose webhooks the next deployments try. */
  async connectCanary(): Promise<string> {
    this.told("\n# Connect a store as the canary: POST /v1/locations\n");
    const { apiKey, timeZone } = this.dutchie.simulator.config;
    const { location, webhook } = await this.api<{ location: { location_id: string }; webhook: { secret: string } }>(
      "/v1/locations",
      { name: "Canary", time_zone: timeZone, dutchie: { endpoint: DUTCHIE, api_key: apiKey, profile: "pos" } },
    );
    this.canary = { CANARY_LOCATION: location.location_id, CANARY_SECRET: webhook.secret };
    return location.location_id;
  }

  /** What `path` answers at the rehearsed address. */
  async api<T>(path: string, body?: object): Promise<T> {
    const file = join(this.workshop.folder, "..", "signing.vars");
    writeFileSync(file, `AUTH_JWT_SECRET="${this.signing}"\n`);
    const token = await developmentToken({ retailer_id: "rehearsal", role: "admin" }, file);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
    const answer = await this.cloudflare.visit(new Request(`https://${HOST}${path}`, init));
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path} is answered ${answer.status}: ${text.slice(0, 2_000)}`);
    return JSON.parse(text) as T;
  }

  async close(): Promise<void> {
    this.workshop.close();
    await this.cloudflare.close();
    await this.dutchie.close();
  }
}
