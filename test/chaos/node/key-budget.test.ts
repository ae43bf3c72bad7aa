import { expect, it } from "vitest";
import { openBudgets, spendFrom } from "../../../src/location/runs/key-budget.ts";
import { migrate } from "../../../src/location/storage/migrations.ts";
import { Store } from "../../../src/location/storage/store.ts";
import { Storage } from "../../support/node-platform/durable-objects.ts";

const NOW = Date.UTC(2026, 0, 1);
/** What Dutchie allows a minute, less what ReUp leaves to others. */
const LIMIT = 55;

function open() {
  const storage = new Storage();
  migrate(storage as never);
  const store = new Store(storage.sql as never);
  return { store, anew: () => new Store(storage.sql as never) };
}

const stored = (store: Store) => Object.values(store.get("budget") ?? {}).flatMap(({ times }) => times);

it("the first request of each second is stored with those before it, of whatever class", () => {
  const { store, anew } = open();
  spendFrom(store, "reporting", NOW);
  spendFrom(store, "reporting", NOW + 10);
  spendFrom(store, "inventory", NOW + 999);
  expect(stored(anew())).toEqual([NOW]);
  spendFrom(store, "standard", NOW + 1_000);
  expect(stored(anew()).sort()).toEqual([NOW, NOW + 10, NOW + 999, NOW + 1_000]);
});

it("the limit counts each request, stored or not, and an eviction forgets those of a second at most", () => {
  const { store, anew } = open();
  for (let n = 0; n < LIMIT; n++) expect(spendFrom(store, "reporting", NOW + 100 * n)).toEqual({ ok: true });
  expect(spendFrom(store, "reporting", NOW + 100 * LIMIT).ok).toBe(false);
  expect(LIMIT - stored(anew()).length).toBeLessThan(10);
});

it("what ends a wait keeps the requests that were not stored", () => {
  const { store, anew } = open();
  spendFrom(store, "reporting", NOW);
  spendFrom(store, "reporting", NOW + 1);
  openBudgets(store);
  expect(stored(anew())).toEqual([NOW, NOW + 1]);
});
