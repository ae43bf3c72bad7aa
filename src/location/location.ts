import { DurableObject } from "cloudflare:workers";
import type { ProblemJson } from "../contract/http/common.ts";
import type { EventJson } from "../contract/http/records.ts";
import type { RunJson } from "../contract/http/runs.ts";
import type { StatusJson } from "../contract/http/status.ts";
import type {
  BeginStepResult,
  CancelRunResult,
  ClaimedPush,
  DueRun,
  FinishStepResult,
  IncomingEvent,
  PushOutcome,
  ReplayResult,
  RowsOf,
  SpendResult,
  Spent,
  StartRunResult,
  StepCall,
  StepEnd,
  StoredPush,
} from "../contract/location.ts";
import type { ClaimedChanges } from "../contract/telling.ts";
import { accountsDb, recordsDb } from "../db/databases.ts";
import { findLocation } from "../db/locations.ts";
import { rollUpSales } from "../db/roll-up.ts";
import type { LocationRow } from "../db/schema/accounts.ts";
import { MAX_KEPT_CHARS } from "../domain/bounds.ts";
import type { ToldEvent } from "../domain/feed/change-messages.ts";
import type { Window } from "../domain/feed/delivery.ts";
import type { RateClass } from "../domain/limits/budget.ts";
import { type EndedMove, isFrozen, type Move, moveDueAt } from "../domain/move.ts";
import type { PushState } from "../domain/pushes/push.ts";
import type { WordedEdit } from "../domain/pushes/words.ts";
import type { Decider } from "../domain/records/change.ts";
import type { IncomingProduct } from "../domain/records/mapping.ts";
import type { RowFailure } from "../domain/records/model.ts";
import type { ReviewCommand, ReviewResult } from "../domain/reviews/decision.ts";
import type { Run, RunError } from "../domain/runs/run.ts";
import type { StoreContext } from "./context.ts";
import { type EventResult, receiveEvents } from "./events/events.ts";
import { getEvent, listEvents, replayDue, replayEvent, replayPage } from "./events/ledger.ts";
import { startRefresh } from "./events/refresh.ts";
import {
  askForDelivery,
  changesDelivered,
  changesFailed,
  claimChanges,
  deliveryDueAt,
  expectChange,
  NOT_FOLLOWED,
  type ResumeResult,
  resumeDelivery,
} from "./feed/delivering.ts";
import { followSubscriptions } from "./feed/subscribers.ts";
import { KeptRow } from "./kept-row.ts";
import { moveStep, refuseWhileFrozen, resumeMove, type StartMoveResult, startMove } from "./move.ts";
import { createProduct, type EditResult, editProduct, type NewFields } from "./pushes/edits.ts";
import { endBothWays } from "./pushes/one-way.ts";
import { retryPush } from "./pushes/push-ends.ts";
import { askForPushes, pushesDueAt } from "./pushes/push-timer.ts";
import { claimPushes, decidePushes, finishPushes } from "./pushes/pushing.ts";
import { linkProduct } from "./reviews/manual-links.ts";
import { reapplyDue, reapplySettings } from "./reviews/reapply-settings.ts";
import { resolveReview, undoReview } from "./reviews/reviews.ts";
import { alive, runRead } from "./runs/attempt.ts";
import { spendFrom } from "./runs/key-budget.ts";
import { rebuild, type StartRun, startDue, startRun } from "./runs/start.ts";
import { stepRows } from "./runs/step-rows.ts";
import { breakStep, claimStep, endStep, handOverStep } from "./runs/steps.ts";
import { cancelRun, paced, watchAt, watchRun } from "./runs/watch.ts";
import { Serial } from "./serial.ts";
import { configure } from "./settings.ts";
import { countLossesDue } from "./snapshots/mass-change.ts";
import { checkSalesDue } from "./snapshots/sale-scale.ts";
import { evaluate } from "./status/evaluate.ts";
import { pushJson, runJson } from "./status/render.ts";
import { StatusBoard } from "./status/status-board.ts";
import type { StatusText } from "./status/status-text.ts";
import type { CollectedPart } from "./storage/collected.ts";
import { migrate } from "./storage/migrations.ts";
import { rowBelieved, SetBack } from "./storage/set-back.ts";
import { Store } from "./storage/store.ts";
import { endShown } from "./take-up.ts";

/**
 * One store. Every change of its records passes through one serial section here; the records themselves are in D1. The
 * Location also owns the ledger of webhooks, the run, the cursors, the rate budget and one timer.
 */
export class Location extends DurableObject<Env> {
  private readonly store: Store;
  private readonly serial = new Serial();
  private readonly row: KeptRow;
  private readonly board: StatusBoard;
  private readonly setBack: SetBack;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage);
    this.store = new Store(ctx.storage.sql);
    this.setBack = new SetBack(this.store);
    this.row = new KeptRow(() => findLocation(accountsDb(this.env), this.location_id));
    this.board = new StatusBoard({ open: () => this.opened(this.row.recent()), listeners: () => ctx.getWebSockets() });
    // An alarm that failed six times is dropped for good. The next call sets it again.
    void ctx.blockConcurrencyWhile(() => this.arm());
  }

  // ---- runs: the API and cron ----

  async startRun(asked: StartRun): Promise<StartRunResult> {
    return this.ordered((context) => startRun(context, asked), NOT_CONNECTED);
  }

  /** Cron: starts the run that is due by the store's own state. If none is, evaluates its alerts. */
  async tick(at: number): Promise<DueRun | null> {
    const task = async (context: StoreContext) => {
      // A write that seemed to fail may have been committed after its receivers looked.
      expectChange(this.store, context.now);
      // A new release may have other default tables.
      await reapplySettings(context);
      const started = await startDue(context, at);
      if (started === null) await evaluate({ ...context, now: Math.max(at, context.now) });
      return started;
    };
    // The row stays for the run that begins: the task announces each change that it makes to it.
    return this.inTurn(() => this.renewed(task, null));
  }

  async cancelRun(run_id: string): Promise<CancelRunResult> {
    return this.ordered((context) => cancelRun(context, run_id), NOT_FOUND);
  }

  async currentRun(): Promise<RunJson | null> {
    const run = this.store.get("run");
    return run && runJson(run, Date.now());
  }

  /** Reads everything again, then plays the ledger again. */
  async rebuild(request_id?: string): Promise<StartRunResult> {
    return this.ordered((context) => rebuild(context, request_id), NOT_CONNECTED);
  }

  // ---- runs: the consumer of the SYNC queue ----

  async beginStep(run_id: string, step: number): Promise<BeginStepResult> {
    return this.quickly(async (context) => claimStep(context, { run_id, step }), { kind: "nothing" });
  }

  /** Uses one request of the key's budget, and records that the reader is alive. */
  async spend(rate: RateClass, reader: number | "pushes"): Promise<SpendResult> {
    const now = Date.now();
    if (reader === "pushes") this.store.outbox.renew(now);
    else alive(this.store, reader, now);
    return spendFrom(this.store, rate, now);
  }

  /** The reader of this attempt is alive, though it has no rows yet. */
  async alive(attempt: number): Promise<void> {
    alive(this.store, attempt, Date.now());
  }

  /** What a sender of edits spent. A reader says it with the end of its step. */
  async paced(spent: Spent): Promise<void> {
    paced(this.store, this.location_id, spent);
  }

  /** The reader of this attempt hands the step to the queue of slow stores. */
  async handOver(attempt: number, resume: Run["resume"]): Promise<StepCall> {
    return this.quickly((context) => handOverStep(context, attempt, resume), GONE);
  }

  /** What the reader of this attempt has read so far of an answer that it needs whole. */
  async collect(attempt: number, part: CollectedPart): Promise<void> {
    if (runRead(this.store, attempt) !== null) this.store.collected.add(attempt, part);
  }

  /** What was read of such an answer until this page, from a character on; null: not all of it is known. */
  async collected(page: string, from: number): Promise<string | null> {
    return this.store.collected.until(page)?.slice(from, from + MAX_KEPT_CHARS) ?? null;
  }

  async applyRows(attempt: number, started_at: number, rows: RowsOf, failures: RowFailure[]): Promise<StepCall> {
    return this.quickly((context) => stepRows(context, { attempt, started_at, rows, failures }), GONE);
  }

  async endStep(attempt: number, end: StepEnd): Promise<FinishStepResult> {
    return this.quickly((context) => endStep(context, attempt, end), GONE);
  }

  /** `spent` null: the step failed before it was read. */
  async breakStep(
    attempt: number,
    failed: { error: RunError; resume: Run["resume"]; spent: Spent | null },
  ): Promise<StepCall> {
    return this.quickly((context) => breakStep(context, attempt, failed), GONE);
  }

  // ---- webhooks ----

  /** Verified events of this store. */
  async receive(events: IncomingEvent[]): Promise<EventResult[]> {
    return this.quickly(
      (context) => receiveEvents(context, { events, clock: Date.now }),
      events.map(({ event_id }) => ({ event_id, outcome: "ignored" as const })),
    );
  }

  async listEvents(given: { outcome: string | null; cursor: string | null; limit: number }) {
    return listEvents(this.store, given);
  }

  async getEvent(event_id: string): Promise<EventJson | null> {
    return getEvent(this.store, event_id);
  }

  /** In the store's turn, so that the message cannot arrive before the event is marked as pending. */
  async replayEvent(event_id: string, request_id?: string): Promise<ReplayResult> {
    return this.ordered((context) => replayEvent(context, event_id, request_id), NOT_FOUND);
  }

  /** Reads the store, because an event said only that something changed. null: done; else call again after so many ms. */
  async refresh(second: boolean, request_id?: string): Promise<number | null> {
    return this.ordered((context) => {
      const start = () => startRun(context, { mode: "incremental", trigger: "webhook", heal: false, request_id });
      return startRefresh(context, { second, request_id, start });
    }, null);
  }

  async replayLedger(after: string | null): Promise<string | null> {
    return this.ordered((context) => replayPage(context, after), null);
  }

  // ---- people: reviews and edits ----

  async resolveReview(review_id: string, command: ReviewCommand, who: Decider): Promise<ReviewResult> {
    return this.ordered((context) => resolveReview(context, review_id, { ...command, ...who }), NOT_FOUND);
  }

  async undoReview(review_id: string, who: Decider): Promise<ReviewResult> {
    return this.ordered((context) => undoReview(context, review_id, who), NOT_FOUND);
  }

  async linkProduct(product_id: string, wish: Decider & { dutchie_product_id: string | null }): Promise<ReviewResult> {
    return this.ordered((context) => linkProduct(context, product_id, wish), NOT_FOUND);
  }

  async createProduct(
    product_id: string,
    fields: NewFields,
    who: Decider & { key?: string | undefined },
  ): Promise<EditResult> {
    return this.ordered((context) => createProduct(context, product_id, fields, who), NOT_FOUND);
  }

  async editProduct(product_id: string, edit: WordedEdit, by: string): Promise<EditResult> {
    return this.ordered((context) => editProduct(context, product_id, { edit, by }), NOT_FOUND);
  }

  async listPushes(state: PushState | null, before: string | null, limit: number): Promise<StoredPush[]> {
    return this.store.outbox.list(state, before, limit).map(pushJson);
  }

  async sendPushAgain(
    push_id: string,
    who: Decider,
  ): Promise<{ ok: true; push: StoredPush } | { ok: false; reason: "not_found" | "over" }> {
    return this.ordered(async (context) => {
      const push = this.store.outbox.get(push_id);
      if (push === null) return NOT_FOUND;
      const again = await retryPush(context, push, who);
      return again === null ? ({ ok: false, reason: "over" } as const) : { ok: true, push: pushJson(again) };
    }, NOT_FOUND);
  }

  // ---- pushes: the consumer of the SYNC queue ----

  async claimPushes(): Promise<{ pushes: ClaimedPush[]; since: number; behind_ms: number }> {
    return this.ordered(async (context) => {
      this.store.remove("pushes_asked_at");
      if (context.location.settings.direction === "bidirectional") return claimPushes(context);
      await endBothWays(context);
      return NO_PUSHES;
    }, NO_PUSHES);
  }

  async decidePushes(
    push_ids: string[],
    rows: IncomingProduct[],
    started_at: number,
    whole: boolean,
  ): Promise<ClaimedPush[]> {
    return this.ordered((context) => decidePushes(context, push_ids, { rows, started_at, whole }), []);
  }

  async finishPushes(outcomes: PushOutcome[]): Promise<void> {
    return this.ordered((context) => finishPushes(context, outcomes), undefined);
  }

  // ---- receivers of changes: the consumer of the NOTICES queue ----

  /** The retailer's subscriptions were changed. */
  async followSubscriptions(): Promise<void> {
    return this.ordered(followSubscriptions, undefined);
  }

  async claimChanges(subscription_id: string, events: ToldEvent[]): Promise<ClaimedChanges | null> {
    return this.quickly((context) => claimChanges(context, { subscription_id, events }), null);
  }

  async changesDelivered(subscription_id: string, window: Window): Promise<void> {
    return this.quickly((context) => changesDelivered(context, subscription_id, window), undefined);
  }

  async changesFailed(
    subscription_id: string,
    failed: { window: Window; error: ProblemJson; asked_ms: number | null },
  ): Promise<void> {
    return this.quickly((context) => changesFailed(context, subscription_id, failed), undefined);
  }

  /** Lets a receiver go on; null: where it stopped. */
  async resumeDelivery(subscription_id: string, after: number | null): Promise<ResumeResult> {
    return this.ordered((context) => resumeDelivery(context, subscription_id, after), NOT_FOLLOWED);
  }

  // ---- the store ----

  async status(): Promise<StatusJson | null> {
    return this.board.status();
  }

  /** The same for pages that ask for it again and again: a text passes between isolates faster than an object. */
  async statusText(): Promise<StatusText | null> {
    return this.board.text();
  }

  /**
   * A viewer's socket. It hibernates: the Location may sleep meanwhile, and the runtime closes the socket when the viewer
   * goes away.
   */
  override async fetch(): Promise<Response> {
    const { 0: viewer, 1: socket } = new WebSocketPair();
    await this.board.join(() => {
      this.ctx.acceptWebSocket(socket);
      return socket;
    });
    return new Response(null, { status: 101, webSocket: viewer });
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // 1005 and 1006 may be received, never sent (RFC 6455, 7.4.1).
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
  }

  /**
   * The store's row was created or changed. The next tick starts a poll, which maps by the new settings and reads a data
   * type that was switched on from the beginning.
   */
  async configured(): Promise<void> {
    this.row.forget();
    await this.configure();
  }

  /** Begins to move the store's records to another database. */
  async startMove(to: string): Promise<StartMoveResult> {
    return this.ordered((context) => startMove(context, to), NOT_FOUND);
  }

  /** One step of the move, also while nothing else is applied. null: done; else call again after so many ms. */
  async moveStep(): Promise<number | null> {
    return this.inTurn(async () => {
      try {
        const context = await this.connected(this.row.fresh());
        return context && (await moveStep(context));
      } finally {
        this.row.forget();
      }
    });
  }

  /** Whether nothing is applied now, because the copy of the store is checked. */
  async isFrozen(): Promise<boolean> {
    return isFrozen(this.store.get("move"), Date.now());
  }

  /** The move under way, or the last one. */
  async currentMove(): Promise<Move | EndedMove | null> {
    return this.store.get("move") ?? this.store.get("last_move");
  }

  /** Somebody else changed something in D1 that the status shows: viewers get the new status. */
  async changedOutside(): Promise<void> {
    this.board.changed();
  }

  /**
   * Ends what runs; the row already says that the store is disconnected, unless it was connected again meanwhile. In the
   * store's turn: what is under way would store its run or its move again, and a purge must not begin before it has written.
   */
  async disconnect(): Promise<void> {
    this.row.forget();
    await this.inTurn(async () => {
      if ((await this.row.fresh())?.deleted_at === null) return;
      await this.stop();
    });
  }

  /**
   * Deletes what is past its retention here, a bounded step. `floors`: nothing older than these can still arrive.
   * `rooms_read_at`: when Dutchie last listed the rooms; null: never, or the last read of them failed.
   */
  async sweep(): Promise<{ more: boolean; floors: ReturnType<Store["floors"]>; rooms_read_at: number | null }> {
    const now = Date.now();
    const inventory = this.store.get("types")?.inventory;
    const rooms_read_at = inventory?.rooms_error === undefined ? (inventory?.last_success_at ?? null) : null;
    const more = this.store.sweep(now);
    // It may have given up events that were pending.
    this.board.changed();
    return { more, floors: this.store.floors(now), rooms_read_at };
  }

  /** Replaces the lines of sales before a time by their sums per day: in the store's turn, so that no move copies half of it. */
  async rollUpSales(before: number): Promise<boolean> {
    return this.ordered(({ db, location }) => rollUpSales(db, location, before), false);
  }

  /** Forgets everything; called once the store's records are purged. */
  async forget(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.ctx.abort("purged");
  }

  override async alarm(): Promise<void> {
    const { env, store, location_id } = this;
    await resumeMove({ env, store, location_id, now: Date.now() });
    if (isFrozen(store.get("move"), Date.now())) return this.arm();
    if ((store.get("configure_at") ?? Infinity) <= Date.now()) await this.configure();
    await this.ordered(async (context) => {
      await watchRun(context);
      await reapplyDue(context);
      await countLossesDue(context);
      await askForPushes(context);
      await askForDelivery(context);
      await replayDue(context);
      // Last: it reads records, and their database may be away.
      await checkSalesDue(context);
    }, undefined);
  }

  // ---- within ----

  private get location_id(): string {
    const id = this.ctx.id.name;
    if (id === undefined) throw new Error("A Location is addressed by its location id.");
    return id;
  }

  /**
   * Runs `task` in the store's serial section with the row as it is now, and re-arms the timer, whatever happened; `gone`
   * when there is no such store. The row is read again after it, for the task may have changed it.
   */
  private ordered<T>(task: (context: StoreContext) => Promise<T>, gone: T): Promise<T> {
    return this.inTurn(() => this.afresh(task, gone));
  }

  private async afresh<T>(task: (context: StoreContext) => Promise<T>, gone: T): Promise<T> {
    try {
      return await this.renewed(task, gone);
    } finally {
      this.row.forget();
    }
  }

  /** Reads the row anew, and keeps it: the task announces its changes to it. A task that fails may have made one unannounced. */
  private async renewed<T>(task: (context: StoreContext) => Promise<T>, gone: T): Promise<T> {
    this.store.seen.isUndisturbed = false;
    try {
      return await this.run(this.row.fresh(), task, gone);
    } catch (error) {
      this.row.forget();
      throw error;
    }
  }

  /** The row has changed already, so this must not get lost: until it is done, and after a freeze, the timer does it. */
  private async configure(): Promise<void> {
    const again_at = Date.now() + AGAIN_MS;
    this.store.put("configure_at", again_at);
    await this.inTurn(async () => {
      if (isFrozen(this.store.get("move"), Date.now())) return;
      await this.afresh(configure, undefined);
      // Another time is of a change that came meanwhile and waits for its turn.
      if (this.store.get("configure_at") === again_at) this.store.remove("configure_at");
    });
  }

  /**
   * The same for what comes often, like events and the steps of a run: a row of the last minute will do. A task that writes
   * the row says so.
   */
  private quickly<T>(task: (context: StoreContext) => Promise<T>, gone: T): Promise<T> {
    return this.inTurn(() => this.run(this.row.recent(), task, gone));
  }

  private inTurn<T>(task: () => Promise<T>): Promise<T> {
    return this.serial.run(async () => {
      try {
        return await task();
      } finally {
        this.store.flush();
        this.board.changed();
        await this.arm();
      }
    });
  }

  private async run<T>(
    row: Promise<LocationRow | null>,
    task: (context: StoreContext) => Promise<T>,
    gone: T,
  ): Promise<T> {
    const context = await this.connected(row);
    if (context === null) return gone;
    refuseWhileFrozen(this.store, context.now);
    return task(context);
  }

  /** null: there is no such store any more. Then all of it ends here, even if the call about the disconnection got lost. */
  private async connected(row: Promise<LocationRow | null>): Promise<StoreContext | null> {
    const context = await this.opened(row);
    if (context === null || context.location.deleted_at !== null) {
      await this.stop();
      return null;
    }
    // Connected again, but the call about that got lost: the timer does what is to be done then.
    if (this.store.get("disconnected") !== null && this.store.get("configure_at") === null) {
      this.store.put("configure_at", context.now);
    }
    return context;
  }

  /** The timer ends with it, unless what D1 shows of the store could not be ended: then it tries again. */
  private async stop(): Promise<void> {
    const { env, store, location_id } = this;
    store.stop();
    await this.ctx.storage.deleteAlarm();
    if (store.get("disconnected")?.again_at === null) return;
    const now = Date.now();
    store.put("disconnected", { again_at: now + AGAIN_MS });
    await endShown({ env, location: { location_id }, now });
    store.put("disconnected", { again_at: null });
  }

  /** null: there is no such store. */
  private async opened(row: Promise<LocationRow | null>): Promise<StoreContext | null> {
    const { env, store } = this;
    const location = await row;
    const rowWritten = () => this.row.forget();
    const now = Date.now();
    this.setBack.correct(now);
    return (
      location && { env, db: recordsDb(env, location), store, location: rowBelieved(location, now), now, rowWritten }
    );
  }

  /**
   * One alarm serves all timers: the run's watchdog, the pushes, the alerts that depend on time, lost values, new sales, changed
   * settings, a ledger to play again, a disconnection. At least 1 s ahead, for an alarm in the past may not fire.
   */
  private async arm(): Promise<void> {
    const { store } = this;
    const replayAt = store.get("replay_due") === null ? null : Date.now();
    const due = [
      watchAt({ env: this.env, store }),
      pushesDueAt({ env: this.env, store }),
      deliveryDueAt({ env: this.env, store }),
      store.get("evaluate_at"),
      store.get("reapply_at"),
      store.get("count_losses_at"),
      store.get("check_sales_at"),
      store.get("configure_at"),
      store.get("disconnected")?.again_at ?? null,
      moveDueAt(store.get("move")),
      replayAt,
    ];
    const timers = due.filter((at) => at !== null);
    if (timers.length === 0) return;
    const at = Math.max(Math.min(...timers), Date.now() + 1_000);
    const armed = await this.ctx.storage.getAlarm();
    if (armed === null || armed > at || armed <= Date.now()) await this.ctx.storage.setAlarm(at);
  }
}

/** When to do again what could not be done at once when the store's row was changed, ms: D1 is usually back in a minute, and a freeze over. */
const AGAIN_MS = 60_000;

const GONE: StepCall = { kind: "superseded" };
const NOT_CONNECTED: StartRunResult = { ok: false, reason: "not_connected" };
const NOT_FOUND = { ok: false, reason: "not_found" } as const;
const NO_PUSHES = { pushes: [], since: 0, behind_ms: 0 };
