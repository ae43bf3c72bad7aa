import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What hooks.test.ts decides about the Worker's answers. */
interface Answers {
  health: string;
  /** The webhooks that were applied: another number says that records may have changed. */
  applied: number;
  quantity: number;
  /** Any other is refused. */
  token: string;
  streams: boolean;
  /** The items that wait for a person. */
  inbox: string[];
  /** For so many seconds no list is answered. */
  busy: number | null;
}

/** As much of the Worker as the hooks ask, on an origin of its own; counts the requests and keeps the open streams. */
export class HooksWorker {
  readonly answers: Answers = {
    health: "healthy",
    applied: 0,
    quantity: 5,
    token: "one",
    streams: true,
    inbox: ["a", "b"],
    busy: null,
  };
  readonly asked = { status: 0, stream: 0, inventory: 0, inbox: 0, resolve: 0 };
  readonly streams = new Set<ServerResponse>();
  /** What ReUp's own server answers at a path. It is the same one under another name, for the browser another origin. */
  readonly pages = new Map<string, string>();
  readonly #server = createServer((request, response) => {
    const page = this.pages.get(request.url ?? "");
    if (page !== undefined) return response.end(page);
    response.setHeader("access-control-allow-origin", "*");
    response.setHeader("access-control-expose-headers", "retry-after");
    response.setHeader("access-control-allow-headers", "authorization, content-type, last-event-id");
    if (request.method === "OPTIONS") return response.end();
    const what = request.url?.split("/").at(-1) as keyof typeof this.asked;
    this.asked[what]++;
    if (request.headers.authorization !== `Bearer ${this.answers.token}`) return refuse(response, 401, "UNAUTHORIZED");
    if (what === "inventory" && this.answers.busy !== null) {
      response.setHeader("retry-after", String(this.answers.busy));
      return refuse(response, 429, "RATE_LIMITED");
    }
    if (what === "inventory") return json(response, { data: [this.#row()], next_cursor: null });
    if (what === "inbox") return json(response, { data: this.answers.inbox.map((item_id) => ({ item_id })) });
    if (what === "resolve") {
      const data = this.answers.inbox.splice(0).map((item_id) => ({ item_id, ok: true }));
      return json(response, { data });
    }
    if (what === "status") return json(response, this.#status());
    if (!this.answers.streams) return refuse(response, 503, "UNAVAILABLE");
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.on("close", () => this.streams.delete(response));
    this.streams.add(response);
    this.tell();
  });

  /** The addresses of ReUp and of the Worker. */
  async open(): Promise<{ reup: string; address: string }> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { port } = this.#server.address() as AddressInfo;
    return { reup: `http://localhost:${port}`, address: `http://127.0.0.1:${port}` };
  }

  /** Sends the status to whoever follows it. */
  tell(): void {
    for (const stream of this.streams) stream.write(`event: status\ndata: ${JSON.stringify(this.#status())}\n\n`);
  }

  /** No stream is open or opened, until `answers.streams`. */
  breakStreams(): void {
    this.answers.streams = false;
    for (const stream of this.streams) stream.destroy();
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  readonly #row = () => ({ inventory_id: "inv_1", available_quantity: this.answers.quantity });
  readonly #status = () => ({
    location_id: "loc_1",
    health: this.answers.health,
    last_success_at: null,
    records: { products: 1, inventory: 1, sales: 0 },
    last_24h: { webhooks: { applied: this.answers.applied } },
  });
}

const json = (response: ServerResponse, body: object, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

const refuse = (response: ServerResponse, status: number, code: string) =>
  json(response, { error: { code, message: "no", details: {} } }, status);
