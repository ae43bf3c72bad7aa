import { beforeEach, expect, it } from "vitest";
import { migrate } from "../../../src/location/storage/migrations.ts";
import { Store } from "../../../src/location/storage/store.ts";
import { Storage } from "../../support/node-platform/durable-objects.ts";

let storage: Storage;
let store: Store;

beforeEach(() => {
  storage = new Storage();
  migrate(storage as never);
  store = new Store(storage.sql as never);
});

const MOVED = { again_at: 5 };

it("a value is what was put last, also for the next instance", () => {
  store.put("disconnected", MOVED);
  store.put("pace", 3);
  store.put("pace", 2);
  store.put("unmapped", 1);
  store.remove("unmapped");
  for (const each of [store, new Store(storage.sql as never)]) {
    expect(each.get("disconnected")).toEqual(MOVED);
    expect(each.get("pace")).toBe(2);
    expect(each.get("unmapped")).toBeNull();
    expect(each.get("run")).toBeNull();
  }
});

it("a value that is changed after it was put stays what was put", () => {
  const given = { inventory: [] as never[], products: [] as never[] };
  store.put("recent_endings", given);
  given.inventory.push({} as never);
  expect(store.get("recent_endings")).toEqual({ inventory: [], products: [] });
});

it("nobody changes a value that others read", () => {
  store.put("budget", { reads: { times: [1], closed_until: 0 } });
  const read = store.get("budget");
  expect(() => read?.reads?.times.push(2)).toThrow(TypeError);
  expect(() => Object.assign(read?.reads ?? {}, { closed_until: 9 })).toThrow(TypeError);
  expect(() => Object.assign(read ?? {}, { writes: null })).toThrow(TypeError);
  expect(store.get("budget")).toEqual({ reads: { times: [1], closed_until: 0 } });
});
