import { expect, it } from "vitest";
import { D1 } from "../../support/node-platform/d1.ts";
import { Chain } from "../chain.ts";
import { ChainOnlooker } from "../views/chain-onlooker.ts";
import { nodePlatform } from "./platform.ts";

/** Databases that do not answer. */
const away = new Set<unknown>();

class FleetingD1 extends D1 {
  override async ask(statement: Parameters<D1["ask"]>[0]) {
    this.#expectThere();
    return super.ask(statement);
  }

  override async batch(statements: Parameters<D1["batch"]>[0]) {
    this.#expectThere();
    return super.batch(statements);
  }

  #expectThere(): void {
    if (away.has(this)) throw new Error("D1_ERROR: D1 DB is overloaded. Requests queued for too long.");
  }
}

const seen = new Set<string>();
const platform = nodePlatform({ database: FleetingD1 });

/** Odd: somebody also decides things in ReUp. Even: in the end each store is equal to its Dutchie. */
it.each([2, 3, 6])("all views of a chain agree: seed %i", async (seed) => {
  const chain = await Chain.begin(platform, seed);
  const onlooker = new ChainOnlooker(platform, chain, { away, decides: seed % 2 === 1, seen });
  while (onlooker.wrong.length === 0 && (await chain.turn())) await onlooker.visit();
  await onlooker.stay();
  expect(onlooker.wrong, chain.log.join("\n")).toEqual([]);
  if (seed % 2 === 0) expect(chain.wrong).toEqual([]);
});

it("the stories of a chain come to all that its lists can show", () => {
  const kinds = ["alert", "review", "dead_letter", "decided", "away", "in a run", "healthy", "needs_decision", "stale"];
  expect(kinds.filter((each) => !seen.has(each))).toEqual([]);
});
