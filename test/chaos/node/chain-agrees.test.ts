import { expect, it } from "vitest";
import type { AlertMessage } from "../../../src/contract/messages.ts";
import { fleetingD1 } from "../../support/node-platform/fleeting-d1.ts";
import { CHAIN, Chain } from "../chain.ts";
import { ChainOnlooker } from "../views/chain-onlooker.ts";
import { Receivers } from "../views/receivers.ts";
import { Subscribers } from "../views/subscribers.ts";
import { nodePlatform } from "./platform.ts";

/** Databases that do not answer. */
const away = new Set<unknown>();

const seen = new Set<string>();
let receivers: Receivers | null = null;
const platform = nodePlatform({
  database: fleetingD1(away),
  sent(queue, body) {
    if (queue === "alerts") receivers?.hear(body as AlertMessage);
  },
});

/**
 * Odd: somebody also decides things in ReUp. Even: in the end each store is equal to its Dutchie. In 204 a write that does not say
 * for which of the key's stores it is reaches another one.
 */
it.each([2, 3, 6, 204])("all views of a chain agree: seed %i", async (seed) => {
  const chain = await Chain.begin(platform, seed);
  const onlooker = new ChainOnlooker(platform, chain, { away, decides: seed % 2 === 1, seen });
  receivers = new Receivers(platform, chain, seed);
  await receivers.open(CHAIN);
  const subscribers = new Subscribers(platform, chain, seed);
  await subscribers.open(CHAIN);
  while (onlooker.wrong.length === 0 && (await chain.turn())) {
    await onlooker.visit();
    await receivers.pass();
    await subscribers.pass();
  }
  await onlooker.stay();
  await subscribers.settle(CHAIN);
  await receivers.settle();
  onlooker.wrong.push(...(await receivers.compare(CHAIN)));
  onlooker.wrong.push(...(await subscribers.compare(CHAIN)));
  for (const { kind } of receivers.told) seen.add(kind);
  for (const [what, times] of Object.entries(subscribers.seen)) if (times > 0) seen.add(what);
  await onlooker.leave();
  expect(onlooker.wrong, chain.log.join("\n")).toEqual([]);
  if (seed % 2 === 0) expect(chain.wrong).toEqual([]);
});

it("the stories of a chain come to all that its lists can show", () => {
  const notices = ["fired", "repeated", "resolved"];
  const kinds = [
    "alert",
    "review",
    "dead_letter",
    "decided",
    "away",
    "in a run",
    "healthy",
    "needs_decision",
    "stale",
    "told",
    "refused",
    "slow",
    "repeated",
  ];
  expect([...notices, ...kinds].filter((each) => !seen.has(each))).toEqual([]);
});
