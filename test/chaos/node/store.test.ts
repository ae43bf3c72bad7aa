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
  for (const each of [store, anew()]) {
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

const LISTED = "insert into seen (ids, dead) values (?, ?)";

it("a value that is noted is read at once, and stored once, at the end of the call", () => {
  const written = writes();
  store.note("unmapped", 1);
  store.note("unmapped", 2);
  expect(store.get("unmapped")).toBe(2);
  expect(anew().get("unmapped")).toBeNull();
  store.flush();
  store.flush();
  expect(anew().get("unmapped")).toBe(2);
  expect(written).toHaveLength(1);
});

it("a value that is put or removed after it was noted stays so", () => {
  store.note("pace", 1);
  store.put("pace", 2);
  store.put("unmapped", 3);
  store.note("unmapped", 4);
  store.remove("unmapped");
  store.flush();
  for (const each of [store, anew()]) {
    expect(each.get("pace")).toBe(2);
    expect(each.get("unmapped")).toBeNull();
  }
});

it("a value that is noted and then as it was is not written", () => {
  store.put("pace", 1);
  const written = writes();
  store.note("pace", 2);
  store.note("pace", 1);
  store.flush();
  expect([store.get("pace"), written]).toEqual([1, []]);
});

it("what is only remembered is lost with the instance, and stored with the next put", () => {
  store.put("unmapped", 1);
  store.remember("unmapped", 2);
  store.flush();
  expect([store.get("unmapped"), anew().get("unmapped")]).toEqual([2, 1]);
  store.put("unmapped", 2);
  expect(anew().get("unmapped")).toBe(2);
});

it("a snapshot's list counts at once, and is stored at the end of the call", () => {
  store.seen.add(["a"], []);
  store.flush();
  store.seen.add(["b", "c"], ["c"]);
  expect(store.seen.all()).toEqual(new Set(["a", "b", "c"]));
  expect(store.seen.countLive()).toBe(2);
  expect(anew().seen.all()).toEqual(new Set(["a"]));
  store.flush();
  expect(anew().seen.all()).toEqual(new Set(["a", "b", "c"]));
});

it("a list that ends with its call is never written, and one that was written is deleted", () => {
  store.seen.clear();
  const written = writes();
  store.seen.add(["a"], []);
  store.seen.clear();
  store.flush();
  expect(written).toEqual([]);
  store.seen.add(["b"], []);
  store.flush();
  store.seen.clear();
  expect(written).toEqual([LISTED, "delete from seen"]);
  expect(anew().seen.all()).toEqual(new Set());
});

/** The next instance: it knows only what is stored. */
const anew = () => new Store(storage.sql as never);

/** What is written from now on. */
function writes(): string[] {
  const written: string[] = [];
  const { exec } = storage.sql;
  storage.sql.exec = (sql, ...params) => {
    if (!sql.startsWith("select")) written.push(sql);
    return exec.call(storage.sql, sql, ...params);
  };
  return written;
}
