import { accountsDb, shardsOf } from "../../../src/db/databases.ts";
import { findLocation } from "../../../src/db/locations.ts";
import { CHAIN, type Chain, OTHERS } from "../chain.ts";
import type { NodePlatform } from "../node/platform.ts";
import { compareAway, compareChain, compareForeign, type Own } from "./chain.ts";
import { decide } from "./person.ts";
import { readRecords } from "./records.ts";
import { compareStatus } from "./status.ts";
import { View } from "./view.ts";

interface Given {
  /** Databases in it do not answer. */
  away: Set<unknown>;
  /** Whether somebody decides something now and then. */
  decides: boolean;
  /** What was shown, so that the views do not agree on nothing. */
  seen: Set<string>;
}

/** Somebody who asks for all stores of a chain, again and again, and for those of another retailer. */
export class ChainOnlooker {
  readonly wrong: string[] = [];

  constructor(
    private readonly platform: NodePlatform,
    private readonly chain: Chain,
    private readonly given: Given,
  ) {}

  /** After a turn of a story. */
  async visit(): Promise<void> {
    const { random, stories, log } = this.chain;
    if (random.chance(0.04)) await this.look("after a turn");
    if (random.chance(0.04)) await this.lookWhileAway();
    if (this.given.decides && random.chance(0.08)) {
      const { chaos, place } = random.pick(stories);
      log.push(`${place.name}: ${await decide(new View(chaos.reader, chaos.location_id, random))}`);
    }
    if (random.chance(0.1)) await this.fail();
  }

  /** What comes after the stories: a store is disconnected, and connected again. */
  async stay(): Promise<void> {
    await this.look("at rest");
    await this.lookWhileAway();
    const [first] = this.chain.storesOf(CHAIN);
    await first?.chaos.reconnect(() => this.look("while one is disconnected", [first.chaos.location_id]));
    await this.look("connected again");
  }

  /** A message of a store has exhausted its retries. */
  private async fail(): Promise<void> {
    const { location_id } = this.chain.random.pick(this.chain.stories).chaos;
    const body = { v: 1, kind: "push", location_id };
    await this.platform.deliver("dead-letters", [{ body, attempts: 1 }]);
  }

  private storesOf(retailer_id: string, without: readonly string[] = []): string[] {
    const ids = this.chain.storesOf(retailer_id).map(({ chaos }) => chaos.location_id);
    return ids.filter((id) => !without.includes(id));
  }

  private async view(retailer_id: string, location_ids?: readonly string[]): Promise<View> {
    const client = await this.chain.clientOf(retailer_id, location_ids);
    return new View(client, location_ids?.[0] ?? "", this.chain.random);
  }

  private async look(when: string, disconnected: readonly string[] = []): Promise<void> {
    if (this.wrong.length > 0) return;
    const [ours, theirs] = [await this.view(CHAIN), await this.view(OTHERS)];
    const stores = await compareChain(ours, this.storesOf(CHAIN, disconnected), disconnected);
    const others = await compareChain(theirs, this.storesOf(OTHERS));
    for (const store of others) await compareForeign(ours, store);
    for (const store of stores) await compareForeign(theirs, store);
    // A token for some stores sees a smaller chain.
    const hidden = this.chain.random.pick(stores);
    const shown = stores.filter((store) => store !== hidden).map(({ location_id }) => location_id);
    const part = await this.view(CHAIN, shown);
    await compareChain(part, shown);
    await compareForeign(part, hidden);
    const own = await this.view(CHAIN, [hidden.location_id]);
    if (hidden.status.current_run === null) await compareStatus(own, await readRecords(own));
    this.note([...stores, ...others]);
    for (const view of [ours, theirs, part, own]) this.wrong.push(...view.wrong.map((each) => `${when}: ${each}`));
  }

  private note(stores: readonly Own[]): void {
    const { seen } = this.given;
    for (const { open, decided, status } of stores) {
      for (const { kind } of open) seen.add(String(kind));
      if (decided.length > 0) seen.add("decided");
      seen.add(String(status.health));
      if (status.current_run !== null) seen.add("in a run");
    }
  }

  /** A database does not answer for a while. Then all is as before. */
  private async lookWhileAway(): Promise<void> {
    if (this.wrong.length > 0) return;
    const view = await this.view(CHAIN);
    const stores = await compareChain(view, this.storesOf(CHAIN));
    const [shard, database] = this.chain.random.pick([...shardsOf(this.platform.env)]);
    const gone = new Set<unknown>();
    for (const { location_id } of stores) {
      const row = await findLocation(accountsDb(this.platform.env), location_id);
      if (row?.shard === shard) gone.add(location_id);
    }
    this.given.away.add(database);
    await compareAway(view, stores, gone).finally(() => this.given.away.delete(database));
    view.same("after it was away", await compareChain(view, this.storesOf(CHAIN)), stores);
    if (gone.size > 0 && gone.size < stores.length) this.given.seen.add("away");
    this.wrong.push(...view.wrong.map((each) => `a database away: ${each}`));
  }
}
