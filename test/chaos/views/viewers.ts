import { Random } from "../../../simulator/random.ts";
import { type Client, createClient, type Status } from "../../../src/client/index.ts";
import { followStore } from "../../../src/client/react/follow-store.ts";
import { FeedCopy } from "../../support/feed-copy.ts";
import type { Chaos } from "../driver.ts";
import type { NodePlatform } from "../node/platform.ts";
import { tokenOf, WORKER } from "../platform.ts";
import { type Row, View } from "./view.ts";

const LISTS = ["/products", "/inventory", "/sales"] as const;
/** Longer than a silence, and than any wait of the client. */
const QUIET_MS = 60_000;
const STEP_MS = 250;

/** A connection to the Worker that may be cut in the middle of a message, be silent, or be slow. */
class Line {
  isRefused = false;
  private isSlow = false;
  private cuts: (() => void)[] = [];
  private goOn: (() => void)[] = [];

  constructor(
    private readonly platform: NodePlatform,
    private readonly random: Random,
  ) {}

  readonly fetch = async (input: unknown, init?: RequestInit): Promise<Response> => {
    if (this.isRefused) throw new TypeError("Nothing answers.");
    const response = await this.platform.fetch(String(input), init);
    // It was answered, and the answer got lost.
    if (this.isRefused) throw new TypeError("The connection broke off.");
    const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true;
    if (!isStream || response.body === null) return response;
    return new Response(this.through(response.body), { status: response.status, headers: { ...TYPE } });
  };

  /** What flows breaks off: between two messages, or within one. */
  cut(): void {
    for (const cut of this.cuts.splice(0)) cut();
  }

  /** Nobody reads for a while. */
  slow(isSlow: boolean): void {
    this.isSlow = isSlow;
    if (!isSlow) for (const goOn of this.goOn.splice(0)) goOn();
  }

  private through(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    const reader = body.getReader();
    const isWithin = this.random.chance(0.5);
    let isOver = false;
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.cuts.push(() => {
          if (isOver) return;
          isOver = true;
          void reader.cancel();
          const half = new TextEncoder().encode('id: half\nevent: status\ndata: {"na');
          if (isWithin) controller.enqueue(half);
          if (this.random.chance(0.5)) controller.error(new TypeError("cut"));
          else controller.close();
        });
      },
      pull: async (controller) => {
        if (this.isSlow) await new Promise<void>((goOn) => this.goOn.push(goOn));
        const { done, value } = await reader.read();
        if (isOver) return;
        if (!done) return controller.enqueue(value);
        isOver = true;
        controller.close();
      },
      cancel: () => {
        isOver = true;
        return reader.cancel();
      },
    });
  }
}

const TYPE = { "content-type": "text/event-stream" };

/** Pages that follow a store: one as the hooks do, and one that keeps a copy by the feed when it is told of changes. */
export class Viewers {
  readonly wrong: string[] = [];
  /** How often they were compared, and told something. */
  readonly seen = { looks: 0, statuses: 0, changes: 0, lists: 0, breaks: 0 };
  private readonly random: Random;
  private readonly line: Line;
  private readonly leaving = new AbortController();
  private client: Client | null = null;
  private status: Status | null = null;
  private lists: Record<string, string> = {};
  private copy: FeedCopy | null = null;
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly platform: NodePlatform,
    private readonly store: Chaos,
    private readonly away: Set<unknown>,
    seed: number,
  ) {
    this.random = new Random(seed * 3_145_739 + 23);
    this.line = new Line(platform, this.random);
  }

  async open(): Promise<void> {
    const token = await tokenOf("chaos");
    const { store, line } = this;
    const client = createClient({ url: WORKER, token, fetch: line.fetch as typeof fetch });
    this.client = client;
    const { location_id } = store;
    this.copy = new FeedCopy(store.caller(), (path) => `/v1/locations/${location_id}${path}`);
    const stop = followStore(client, location_id, {
      onConnection: (live) => {
        if (!live) this.seen.breaks += 1;
      },
      onStatus: (status) => {
        this.status = status;
        this.seen.statuses += 1;
      },
      onRecords: () => this.read(() => this.readLists()),
    });
    this.leaving.signal.addEventListener("abort", stop);
    this.read(() => this.readLists());
    const follow = () => this.read(() => this.copy?.follow(this.random.int(1, 40)) ?? Promise.resolve());
    void client.subscribeStatus(location_id, () => {}, {
      signal: this.leaving.signal,
      onConnection: (problem) => problem === null && follow(),
      onChanged: () => {
        this.seen.changes += 1;
        follow();
      },
    });
    await this.pass(1_000);
  }

  close(): void {
    this.leaving.abort();
  }

  /** One read at a time; one that fails is tried again, as the hooks do. */
  private read(task: () => Promise<void>): void {
    const again = async (): Promise<void> => {
      try {
        await task();
      } catch {
        if (this.leaving.signal.aborted) return;
        await new Promise<void>((done) => setTimeout(done, 5_000));
        await again();
      }
    };
    this.reading = this.reading.then(again);
  }

  private async readLists(): Promise<void> {
    const { client } = this;
    if (client === null) return;
    const view = new View(client, this.store.location_id, this.random);
    const lists: Record<string, string> = {};
    for (const path of LISTS) lists[path] = contentOf(await view.all(path));
    this.lists = lists;
    this.seen.lists += 1;
  }

  /** Time goes by, and all that then happens. */
  private async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.platform.setTime(Date.now() + STEP_MS);
      await settled();
    }
  }

  /** After a step of the story, and between the steps of a run. */
  async visit(databases: readonly unknown[]): Promise<void> {
    await settled();
    if (this.wrong.length > 0) return;
    const { random, line } = this;
    if (random.chance(0.3)) line.cut();
    if (random.chance(0.15)) line.isRefused = !line.isRefused;
    if (random.chance(0.2)) line.slow(random.chance(0.5));
    if (random.chance(0.2)) {
      const database = random.pick(databases);
      this.away.add(database);
      await this.pass(random.int(1, 12) * STEP_MS);
      this.away.delete(database);
    }
    if (random.chance(0.5)) await this.pass(random.int(1, 8) * STEP_MS);
    if (random.chance(0.15)) {
      await this.pass(1_000);
      this.platform.hibernate(this.store.location_id);
    }
    if (random.chance(0.12)) await this.look("in the story");
  }

  /** The lines work again, and nothing happens any more. */
  async look(when: string): Promise<void> {
    this.line.isRefused = false;
    this.line.slow(false);
    await this.pass(QUIET_MS);
    await this.reading;
    this.seen.looks += 1;
    const view = new View(this.store.reader, this.store.location_id, this.random);
    view.same("the status", timeless(this.status as Row | null), timeless(await view.get("/status")));
    for (const path of LISTS) view.same(path, this.lists[path], contentOf(await view.all(path)));
    this.wrong.push(...[...view.wrong, ...((await this.copy?.differences()) ?? [])].map((each) => `${when}: ${each}`));
  }
}

/** Without what follows from the time alone: that is told with the next change. */
function timeless(status: Row | null): Row | null {
  const run = status?.current_run as Row | null | undefined;
  return (
    status && {
      ...status,
      ...{ updated_at: null, data_age_seconds: null, health: null, problem: null },
      current_run: run && { ...run, eta_seconds: null },
    }
  );
}

const contentOf = (rows: readonly Row[]) => JSON.stringify(rows.map(({ last_sync: _, ...row }) => row));

/** All that was begun comes to where it waits for the clock. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
}
