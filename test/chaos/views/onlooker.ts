import { Random } from "../../../simulator/random.ts";
import { shardsOf } from "../../../src/db/databases.ts";
import { FeedCopy } from "../../support/feed-copy.ts";
import type { Chaos } from "../driver.ts";
import { compareFilters } from "./filters.ts";
import { compareCustomers, compareInsights, soldIn } from "./insights.ts";
import { compareLog, PastDays } from "./log.ts";
import { decide } from "./person.ts";
import { compareRecords, readRecords } from "./records.ts";
import { compareStatus } from "./status.ts";
import { type Row, View } from "./view.ts";

const isOld = (at: unknown) => Date.now() - Date.parse(String(at)) > 102 * 86_400_000;
const PAGES = [1, 7, 500] as const;

/**
 * Somebody who asks the API for every view of one store, again and again, decides something now and then, and keeps two copies of
 * it by the feed. Nothing is compared with Dutchie: only what one view says with what the others say.
 */
export class Onlooker {
  readonly wrong: string[] = [];
  looks = 0;
  private readonly random: Random;
  private readonly copies: FeedCopy[] = [];
  private readonly days = new PastDays();
  private readonly percents = new Map<unknown, number>();
  /** Whether the log no longer leads to all that is there: it is swept, or records were lost. */
  private isLogCut = false;

  constructor(
    private readonly env: Env,
    private readonly store: Chaos,
    seed: number,
  ) {
    this.random = new Random(seed * 6_700_417 + 3);
  }

  /** After a step of the story. */
  async visit(): Promise<void> {
    if (this.chance(0.5)) await this.look("after a step");
    if (!this.chance(0.35)) return;
    this.store.log.push(await decide(this.view()));
    if (this.chance(0.7)) await this.look("after a decision");
  }

  /** Between the steps of a run. Its progress never goes back. */
  async watch(): Promise<void> {
    const { current_run: run } = await this.view().get<{ current_run: Row | null }>("/status");
    if (run !== null) {
      const [before, now] = [this.percents.get(run.run_id) ?? 0, Number(run.percent)];
      if (now < before) this.wrong.push(`${run.run_id} went back from ${before} % to ${now} %`);
      this.percents.set(run.run_id, now);
    }
    if (this.chance(0.05)) await this.look("in a run");
  }

  /** What comes after the story: the store is connected again, its sales are rolled up, its records are lost and rebuilt. */
  async stay(): Promise<void> {
    await this.look("at rest");
    await this.store.reconnect(() => this.seeNothing());
    await this.look("connected again");
    await this.store.sync("full");
    await this.look("read again");
    const before = await soldIn(this.view());
    this.isLogCut = true;
    await this.view().send("PATCH", "", { settings: { sales_detail_days: 100 } });
    await this.store.sweepAfter(120);
    await this.forgetInsights();
    const view = this.view();
    const { sold } = await soldIn(view, before.period);
    view.same("what was sold, before and after it was rolled up", before.sold, sold);
    const detailed = (await view.all("/sales")).filter(
      ({ items, completed_at }) => isOld(completed_at) && (items as Row[]).length > 0,
    );
    view.same("old sales with their lines", detailed.length, 0);
    this.wrong.push(...view.wrong);
    await this.look("rolled up");
    if (this.wrong.length === 0) await this.store.rebuild();
    await this.look("rebuilt");
  }

  /** The first views that do not agree are enough: later ones may follow from them. */
  private chance(probability: number): boolean {
    return this.wrong.length === 0 && this.random.chance(probability);
  }

  private view(): View {
    return new View(this.store.reader, this.store.location_id, this.random);
  }

  private async look(when: string): Promise<void> {
    if (this.wrong.length > 0) return;
    this.looks += 1;
    const view = this.view();
    const records = await readRecords(view);
    await compareRecords(view, records);
    await compareFilters(view, records);
    if (!this.isLogCut) {
      await compareLog(view, records);
      await this.follow(view);
      await this.days.compare(view, records);
    }
    await this.forgetInsights();
    await compareInsights(view, records, !this.store.isLying);
    await compareCustomers(view, records);
    await compareStatus(view, records);
    this.wrong.push(...view.wrong.map((each) => `${when}, look ${this.looks}: ${each}`));
  }

  /** A disconnected store is counted, and listed nowhere else. */
  private async seeNothing(): Promise<void> {
    const { data, summary } = await this.view().get<{ data: Row[]; summary: Row }>("/v1/status");
    if (data.length === 0 && summary.disconnected === 1 && summary.stores === 0) return;
    this.wrong.push(`disconnected: ${JSON.stringify({ data, summary })}`);
  }

  /** Answers are kept for a day: then each is computed anew. */
  private async forgetInsights(): Promise<void> {
    for (const d1 of shardsOf(this.env).values()) await d1.prepare("delete from insights").run();
  }

  /** The first copy knows only what the feed tells, the second one has read the lists before. */
  private async follow(view: View): Promise<void> {
    const path = (below: string) => `/v1/locations/${this.store.location_id}${below}`;
    const api = this.store.caller();
    if (this.copies.length === 0) this.copies.push(new FeedCopy(api, path));
    else if (this.copies.length === 1) this.copies.push(await FeedCopy.ofLists(api, path));
    for (const [at, copy] of this.copies.entries()) {
      await copy.follow(this.random.pick(PAGES));
      for (const each of await copy.differences()) view.wrong.push(`copy ${at + 1} by the feed: ${each}`);
    }
  }
}
