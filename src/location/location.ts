import { DurableObject } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import type { EventJson } from "../contract/http/records.ts";
import type { RunJson } from "../contract/http/runs.ts";
import type { StatusJson } from "../contract/http/status.ts";
import type {
  BeginStepResult,
  CancelRunResult,
  IncomingEvent,
  PushOutcome,
  ReplayResult,
  RowsOf,
  SpendResult,
  StartRunResult,
  StepCall,
  StoredPush,
  TakenPush,
} from "../contract/location.ts";
import { accountsDb, recordsDb } from "../db/databases.ts";
import { updateLocation } from "../db/locations.ts";
import { type LocationRow, locations } from "../db/schema.ts";
import type { Told } from "../domain/clock.ts";
import type { ProductEdit } from "../domain/pushes/edit.ts";
import type { PushState } from "../domain/pushes/push.ts";
import type { IncomingProduct } from "../domain/records/mapping.ts";
import type { RowFailure } from "../domain/records/model.ts";
import { EMPTY_BUDGET, type RateClass, spend } from "../domain/runs/budget.ts";
import { enabledTypes } from "../domain/runs/data-type.ts";
import { laneOf, paceAfter } from "../domain/runs/pace.ts";
import type { Run, RunError } from "../domain/runs/run.ts";
import { nextNightAt } from "../domain/runs/schedule.ts";
import { statesConfigured } from "../domain/runs/type-states.ts";
import { causeOf } from "../platform/failures.ts";
import { type EventResult, receiveEvents } from "./events/events.ts";
import { Ledger } from "./events/ledger.ts";
import { takeLook } from "./events/look.ts";
import { endPushes } from "./pushes/edit-conflicts.ts";
import { createProduct, type EditContext, type EditResult, editProduct } from "./pushes/edits.ts";
import { askForPushes, pushesDueAt } from "./pushes/push-timer.ts";
import { Pushing } from "./pushes/pushing.ts";
import { judgedBy, rejudge } from "./records/rejudge.ts";
import type { ReviewCall, ReviewCommand, ReviewResult } from "./reviews/review-context.ts";
import { resolveReview, undoReview } from "./reviews/reviews.ts";
import { Runs, type StartRun } from "./runs/runs.ts";
import { typeStates } from "./runs/type-states.ts";
import { Serial } from "./serial.ts";
import { endAlerts } from "./status/alerts.ts";
import { judge } from "./status/judge.ts";
import { pushJson, runJson } from "./status/render.ts";
import { StatusBoard } from "./status/status-board.ts";
import { migrate } from "./storage/migrations.ts";
import { Store } from "./storage/store.ts";

/** When changed settings are applied again to what is stored, after that broke off: D1 is back in a minute, mostly. */
const REJUDGE_AGAIN_MS = 60_000;

/**
 * One store: its order. All that changes the store's records passes through one serial section here; the records
 * themselves are in D1. It also owns the ledger of webhooks, the run, the cursors, the rate budget and one timer.
 */
export class Location extends DurableObject<Env> {
  private readonly store: Store;
  private readonly serial = new Serial();
  private row: LocationRow | null = null;
  private readonly board: StatusBoard;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    this.store = new Store(ctx.storage.sql);
    this.board = new StatusBoard({
      env: () => this.env,
      store: this.store,
      location: () => this.location(),
      listeners: () => ctx.getWebSockets(),
    });
    // An alarm that failed six times is dropped for good: whoever calls next arms it again.
    void ctx.blockConcurrencyWhile(() => this.arm());
  }

  // ---- runs: the API and cron ----

  async startRun(given: StartRun): Promise<StartRunResult> {
    return this.ordered((location) => this.runs.start(location, given, Date.now()), NOT_CONNECTED);
  }

  /** Cron, at its time: starts what is due by the store's own state, and judges its alerts, run or no run. */
  async tick(at: number): Promise<StartRunResult | null> {
    return this.ordered(async (location) => {
      const now = Date.now();
      const started = await this.runs.startDue(location, at, now);
      await judge(this.env, this.store, location, Math.max(at, now));
      return started;
    }, null);
  }

  async cancelRun(run_id: string): Promise<CancelRunResult> {
    return this.ordered((location) => this.runs.cancel(location, run_id, Date.now()), {
      ok: false,
      reason: "not_found",
    } as const);
  }

  async currentRun(): Promise<RunJson | null> {
    const run = this.store.get("run");
    return run && runJson(run, Date.now());
  }

  // ---- runs: the consumer of the SYNC queue ----

  async beginStep(run_id: string, step: number): Promise<BeginStepResult> {
    return this.ordered(async () => this.runs.begin(run_id, step, Date.now()), { kind: "nothing" } as const);
  }

  /** One request to Dutchie, if the key's budget has it; and a sign of life of whoever asks. */
  async spend(rate: RateClass, reader: number | "pushes"): Promise<SpendResult> {
    if (reader === "pushes") this.store.outbox.renew(Date.now());
    else this.runs.alive(reader, Date.now());
    const budgets = this.store.get("budget") ?? {};
    const result = spend(budgets[rate] ?? EMPTY_BUDGET, rate, Date.now());
    this.store.put("budget", { ...budgets, [rate]: result.budget });
    return result.wait_ms === 0 ? { ok: true } : { ok: false, retry_after_ms: result.wait_ms };
  }

  /** The reader of this attempt is at work, though nothing has come of it yet. */
  async alive(attempt: number): Promise<void> {
    this.runs.alive(attempt, Date.now());
  }

  /** How long a step, or the sending of edits, waited for Dutchie and held its consumer. */
  async paced(spent: { waited_ms: number; took_ms: number }): Promise<void> {
    const before = this.store.get("pace") ?? 0;
    const pace = paceAfter(before, spent);
    if (pace !== before) this.store.put("pace", pace);
    if (laneOf(pace) !== laneOf(before)) {
      console.log({ message: "store changes its queue", location_id: this.location_id, lane: laneOf(pace), ...spent });
    }
  }

  /** The reader of this attempt leaves the step to the consumers of slow stores. */
  async handOver(attempt: number, resume: Run["resume"]): Promise<StepCall> {
    return this.ordered(async () => this.runs.handOver(attempt, resume, Date.now()), GONE);
  }

  async applyRows(attempt: number, started_at: number, rows: RowsOf, failures: RowFailure[]): Promise<StepCall> {
    return this.ordered((location) => this.runs.rows(location, attempt, started_at, rows, failures, Date.now()), GONE);
  }

  async finishStep(attempt: number, started_at: number, told: Told): Promise<StepCall> {
    return this.ordered((location) => this.runs.finish(location, attempt, started_at, told, Date.now()), GONE);
  }

  async failStep(attempt: number, error: RunError, resume: Run["resume"]): Promise<StepCall> {
    return this.ordered((location) => this.runs.fail(location, attempt, error, resume, Date.now()), GONE);
  }

  // ---- webhooks ----

  /** Verified events of this store. */
  async receive(events: IncomingEvent[]): Promise<EventResult[]> {
    return this.ordered(
      (location) => receiveEvents(this.store, this.env, location, events, Date.now),
      events.map(({ event_id }) => ({ event_id, outcome: "ignored" as const })),
    );
  }

  async listEvents(given: { outcome: string | null; cursor: string | null; limit: number }) {
    return this.ledger.list(given);
  }

  async getEvent(event_id: string): Promise<EventJson | null> {
    return this.ledger.get(event_id);
  }

  /** In the store's turn: its message can't be here before the event is marked as on its way. */
  async replayEvent(event_id: string): Promise<ReplayResult> {
    return this.ordered(() => this.ledger.replay(event_id), { ok: false, reason: "not_found" } as const);
  }

  /** An event said no more than that something changed: the store is read. null: done; else ask again after so many ms. */
  async look(second: boolean): Promise<number | null> {
    return this.ordered((location) => {
      const { location_id } = location;
      const now = Date.now();
      return takeLook(this.env, this.store, { location_id, second }, now, () =>
        this.runs.start(location, { mode: "incremental", trigger: "webhook", heal: false }, now),
      );
    }, null);
  }

  /**
   * Puts the records together anew, for records that were lost or restored from an old copy: everything is read, and when
   * that has ended the ledger is played again. In this order, because only the snapshot knows what was sold out meanwhile:
   * with its floor, older events bring nothing back.
   */
  async rebuild(): Promise<StartRunResult> {
    return this.ordered(async (location) => {
      const running = this.store.get("run");
      if (running !== null && running.state !== "waiting") {
        return { ok: false, reason: "running", run_id: running.run_id } as const;
      }
      this.store.remove("cursors");
      return this.runs.start(location, { mode: "full", trigger: "replay", heal: false }, Date.now());
    }, NOT_CONNECTED);
  }

  async replayLedger(after: string | null): Promise<string | null> {
    return this.ordered(() => this.ledger.replayPage(after), null);
  }

  private get ledger(): Ledger {
    return new Ledger(this.env, this.store, this.location_id);
  }

  // ---- reviews ----

  async resolveReview(review_id: string, command: ReviewCommand, by: string): Promise<ReviewResult> {
    return this.ordered((location) => resolveReview(this.reviewCall(location, by), review_id, command), NO_REVIEW);
  }

  async undoReview(review_id: string, by: string): Promise<ReviewResult> {
    return this.ordered((location) => undoReview(this.reviewCall(location, by), review_id), NO_REVIEW);
  }

  private reviewCall(location: LocationRow, by: string): ReviewCall {
    return { env: this.env, store: this.store, location, now: Date.now(), by };
  }

  // ---- both ways: people ----

  async createProduct(product_id: string, fields: ProductEdit & { product_name: string }, by: string) {
    return this.ordered((location) => createProduct(this.editContext(location, by), product_id, fields), NO_PRODUCT);
  }

  async editProduct(product_id: string, edit: ProductEdit, by: string): Promise<EditResult> {
    return this.ordered((location) => editProduct(this.editContext(location, by), product_id, edit), NO_PRODUCT);
  }

  async listPushes(state: PushState | null, before: string | null, limit: number): Promise<StoredPush[]> {
    return this.store.outbox.list(state, before, limit).map(pushJson);
  }

  async retryPush(
    push_id: string,
  ): Promise<{ ok: true; push: StoredPush } | { ok: false; reason: "not_found" | "over" }> {
    return this.ordered(
      async (location) => {
        if (this.store.outbox.get(push_id) === null) return { ok: false, reason: "not_found" } as const;
        const push = await this.pushing(location).retry(push_id);
        return push === null ? ({ ok: false, reason: "over" } as const) : { ok: true, push: pushJson(push) };
      },
      { ok: false, reason: "not_found" } as const,
    );
  }

  private editContext(location: LocationRow, by: string): EditContext {
    return { env: this.env, location, outbox: this.store.outbox, now: Date.now(), by };
  }

  // ---- both ways: the consumer of the SYNC queue ----

  async takePushes(): Promise<{ pushes: TakenPush[]; since: number; behind_ms: number }> {
    this.store.remove("pushes_asked_at");
    return this.ordered(async (location) => {
      if (location.settings.direction === "bidirectional") return this.pushing(location).take();
      await this.endPushes(location, Date.now());
      return NO_PUSHES;
    }, NO_PUSHES);
  }

  async judgePushes(
    push_ids: string[],
    rows: IncomingProduct[],
    started_at: number,
    whole: boolean,
  ): Promise<TakenPush[]> {
    return this.ordered((location) => this.pushing(location).judge(push_ids, rows, started_at, whole), []);
  }

  async settlePushes(outcomes: PushOutcome[]): Promise<void> {
    return this.ordered((location) => this.pushing(location).settle(outcomes), undefined);
  }

  /** The store does not write to Dutchie any more. */
  private async endPushes(location: LocationRow, now: number): Promise<void> {
    const db = recordsDb(this.env, this.location_id);
    const reason = "The store was switched to one way, Dutchie to ReUp.";
    await endPushes({ env: this.env, db, location, outbox: this.store.outbox, now }, reason);
    await this.pushing(location).judgeParked();
  }

  private pushing(location: LocationRow): Pushing {
    return new Pushing(this.env, this.store, location, Date.now());
  }

  // ---- the store ----

  async status(): Promise<StatusJson | null> {
    return this.board.status();
  }

  /**
   * A viewer's socket. It hibernates: it keeps nobody awake, is remembered across sleep, and the runtime drops it when
   * the viewer goes away.
   */
  override async fetch(): Promise<Response> {
    const { 0: viewer, 1: socket } = new WebSocketPair();
    this.ctx.acceptWebSocket(socket);
    const first = await this.board.first();
    if (first === null) socket.close(1000, "disconnected");
    else socket.send(first);
    return new Response(null, { status: 101, webSocket: viewer });
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // 1005 and 1006 are told, never sent (RFC 6455, 7.4.1).
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  /**
   * The store's row was created or changed. What was changed holds from the next tick on: a poll is due at once, which maps
   * anew and reads from the beginning what was never read (a data type switched on).
   */
  async configured(): Promise<void> {
    this.row = null;
    await this.ordered(async (location) => {
      const now = Date.now();
      if (location.settings.direction === "dutchie_to_reup") {
        await this.endPushes(location, now);
      }
      await this.rejudge(location, now);
      const due = {
        next_sync_at: now,
        next_full_at: nextNightAt(location.settings, location.time_zone, now, this.location_id),
      };
      const types = statesConfigured(typeStates(this.store, location), enabledTypes(location.settings), now);
      this.store.put("types", types);
      await updateLocation(accountsDb(this.env), this.location_id, due);
      await judge(this.env, this.store, { ...location, ...due }, now);
    }, undefined);
  }

  /** A changed rule judges what is stored; where that breaks off, the timer goes on with it. */
  private async rejudge(location: LocationRow, now: number): Promise<void> {
    if (JSON.stringify(this.store.get("judged_by")) === JSON.stringify(judgedBy(location.settings))) {
      this.store.remove("rejudge_at");
      return;
    }
    this.store.put("rejudge_at", now + REJUDGE_AGAIN_MS);
    try {
      await rejudge(this.env, this.store, location, now);
    } catch (error) {
      const { location_id } = location;
      console.error({
        message: "settings not applied to what is stored, will retry",
        location_id,
        cause: causeOf(error),
      });
    }
  }

  /** What the status shows of D1 was changed by somebody else; viewers hear of it. */
  async changedOutside(): Promise<void> {
    this.board.changed();
  }

  /** Ends what runs; the row already says that the store is disconnected. */
  async disconnect(): Promise<void> {
    this.row = null;
    this.store.remove("run");
    this.store.remove("rebuilding");
    this.store.remove("replay_due");
    this.store.remove("rejudge_at");
    this.store.clearSeen();
    this.board.changed();
    await this.ctx.storage.deleteAlarm();
    await endAlerts(this.env, this.location_id, Date.now());
  }

  /** Ends what is past its time here, a bounded step; and below which times nothing can come any more. */
  async sweep(): Promise<{ more: boolean; floors: ReturnType<Store["floors"]> }> {
    const now = Date.now();
    return { more: this.store.sweep(now), floors: this.store.floors(now) };
  }

  /** Forgets everything; called once the store's records are purged. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.ctx.abort("purged");
  }

  override async alarm(): Promise<void> {
    await this.ordered(async (location) => {
      await this.runs.watch(location, Date.now());
      if ((this.store.get("rejudge_at") ?? Infinity) <= Date.now()) await this.rejudge(location, Date.now());
      await askForPushes(this.env, this.store, this.location_id, Date.now());
      await this.ledger.replayDue();
    }, undefined);
  }

  // ---- within ----

  private get location_id(): string {
    const id = this.ctx.id.name;
    if (id === undefined) throw new Error("A Location is addressed by its location id.");
    return id;
  }

  private get runs(): Runs {
    return new Runs(this.store, this.env, this.location_id);
  }

  /** Runs `task` in the store's serial section and re-arms the timer, whatever happened; `gone` when there is no such store. */
  private async ordered<T>(task: (location: LocationRow) => Promise<T>, gone: T): Promise<T> {
    return this.serial.run(async () => {
      try {
        const location = await this.location();
        return location === null || location.deleted_at !== null ? gone : await task(location);
      } finally {
        this.row = null;
        this.board.changed();
        await this.arm();
      }
    });
  }

  private async location(): Promise<LocationRow | null> {
    this.row ??=
      (await accountsDb(this.env).select().from(locations).where(eq(locations.location_id, this.location_id)))[0] ??
      null;
    return this.row;
  }

  /**
   * One alarm serves all timers: the run's watchdog, the pushes, the alerts that the clock fires, what is judged again, a
   * ledger to play again. At least 1 s ahead, for an alarm in the past may not fire.
   */
  private async arm(): Promise<void> {
    const { store } = this;
    const replayAt = store.get("replay_due") === null ? null : Date.now();
    const due = [this.runs.watchAt(), pushesDueAt(store), store.get("judge_at"), store.get("rejudge_at"), replayAt];
    const timers = due.filter((at) => at !== null);
    if (timers.length === 0) return;
    const at = Math.max(Math.min(...timers), Date.now() + 1_000);
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at || armed <= Date.now()) await this.ctx.storage.setAlarm(at);
  }
}

const GONE: StepCall = { kind: "superseded" };
const NOT_CONNECTED: StartRunResult = { ok: false, reason: "not_connected" };
const NO_PRODUCT: EditResult = { ok: false, reason: "not_found" };
const NO_PUSHES = { pushes: [], since: 0, behind_ms: 0 };
const NO_REVIEW: ReviewResult = { ok: false, reason: "not_found" };
