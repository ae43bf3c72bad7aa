import { Random } from "../../simulator/random.ts";
import { type Client, createClient } from "../../src/client/index.ts";
import { Chaos, type Place } from "./driver.ts";
import { type Platform, tokenOf, WORKER } from "./platform.ts";

/** Stores A and B have one Dutchie and one key: only the location's id says which is meant. */
const SHARED = "http://localhost:20001";
export const CHAIN = "chain";
export const OTHERS = "others";

/** All sell the same: their products, SKUs, packages, customers and sales have the same ids. */
const PLACES: readonly Omit<Place, "world">[] = [
  at({ name: "Main St", endpoint: SHARED, dutchie_location_id: 11, profile: "guide" }),
  at({ name: "Main St 2", endpoint: SHARED, dutchie_location_id: 12, profile: "guide" }),
  at({ name: "Broadway", endpoint: "http://localhost:20002", dutchie_location_id: 13, profile: "pos" }),
  at({ name: "Main St", endpoint: "http://localhost:20003", dutchie_location_id: 14, retailer_id: OTHERS }),
];

function at(given: Partial<Place> & Pick<Place, "name" | "endpoint" | "dutchie_location_id">): Omit<Place, "world"> {
  return { retailer_id: CHAIN, api_key: "sim-key", profile: "pos", ...given };
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

interface Story {
  place: Place;
  chaos: Chaos;
  /** Goes on after a look; null: it has the turn, or is over. */
  goOn: (() => void) | null;
  isOver: boolean;
  isWithinRun: boolean;
}

/**
 * Three stores of one retailer and one of another, each with a story of its own. One has the turn at a time: a story stops after each
 * step, and between the steps of a run, and the next may be that of another store.
 */
export class Chain {
  readonly wrong: string[] = [];
  readonly log: string[] = [];
  readonly random: Random;
  readonly stories: Story[] = [];
  /** What other hosts answer, such as a receiver of notices. */
  readonly hosts = new Map<string, Fetch>();
  private stopped: () => void = () => {};

  /** A new world for this seed, with a first sync in each store. */
  static async begin(platform: Platform, seed: number): Promise<Chain> {
    const chain = new Chain(platform, seed);
    for (const [at, place] of PLACES.entries()) await chain.open(seed * PLACES.length + at, { ...place, world: seed });
    return chain;
  }

  private constructor(
    private readonly platform: Platform,
    seed: number,
  ) {
    this.random = new Random(seed * 86_028_121 + 17);
  }

  private async open(seed: number, place: Place): Promise<void> {
    const given = {
      place,
      isShort: true,
      look: (chaos: Chaos, isWithinRun: boolean) =>
        new Promise<void>((goOn) => {
          const story = this.stories.find((each) => each.chaos === chaos);
          if (story !== undefined) Object.assign(story, { goOn, isWithinRun });
          this.stopped();
        }),
    };
    const own = { ...this.platform, reach: (fetch: Fetch) => this.reach(place, fetch) };
    const isFirst = this.stories.length === 0;
    const chaos = isFirst ? await Chaos.begin(own, seed, given) : Chaos.join(own, seed, given);
    const story: Story = { place, chaos, goOn: null, isOver: false, isWithinRun: false };
    this.stories.push(story);
    await this.until(async () => {
      const wrong = await chaos.run().catch((error: Error) => [error.stack ?? error.message]);
      this.wrong.push(...wrong.map((each) => `${place.name}: ${each}\n${chaos.log.join("\n")}`));
      story.isOver = true;
      this.stopped();
    });
  }

  /** Lets a story go on to its next stop. Returns whether there is any left that can. */
  async turn(): Promise<boolean> {
    const open = this.stories.filter(({ isOver }) => !isOver);
    if (open.length === 0) return false;
    const story = this.random.pick(open);
    await this.until(() => story.goOn?.());
    return true;
  }

  /** All stops of a story are told by `stopped`. */
  private until(begin: () => unknown): Promise<void> {
    return new Promise((resolve) => {
      this.stopped = resolve;
      void begin();
    });
  }

  /** Of two stores behind one address and key, the one that the request names; whoever names none gets the first. */
  private reach(place: Place, fetch: Fetch): void {
    const key = `${place.endpoint} ${place.dutchie_location_id}`;
    this.hosts.set(key, fetch);
    if (!this.hosts.has(place.endpoint)) this.hosts.set(place.endpoint, fetch);
    this.platform.reach((input, init) => {
      const url = new URL(String(input instanceof Request ? input.url : input));
      if (url.origin === WORKER) return this.platform.fetch(url.href, init);
      const named = this.hosts.get(`${url.origin} ${url.searchParams.get("locationId")}`);
      const host = named ?? this.hosts.get(url.origin);
      if (host === undefined) throw new TypeError(`Nothing is at ${url.origin}.`);
      return host(input, init);
    });
  }

  storesOf(retailer_id: string): Story[] {
    return this.stories.filter(({ place }) => place.retailer_id === retailer_id);
  }

  /** Whoever asks for a retailer; `location_ids`: only for these stores. */
  async clientOf(retailer_id: string, location_ids?: readonly string[]): Promise<Client> {
    const token = await tokenOf(retailer_id, location_ids);
    return createClient({ url: WORKER, token });
  }
}
