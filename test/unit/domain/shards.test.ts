import fc from "fast-check";
import { expect, it } from "vitest";
import { FULL_SHARD_BYTES, SHARD_WARNING_BYTES, STORE_ROOM_BYTES } from "../../../src/domain/bounds.ts";
import { chooseShard, type Shard, shardState } from "../../../src/domain/shards.ts";

const at = (shard: string, bytes: number | null, stores = 0): Shard => ({ shard, bytes, stores });

it.each<[string, Shard[], string | null]>([
  ["the emptiest", [at("00", 5e9), at("01", 1e9), at("02", 4e9)], "01"],
  ["a new one, which was never measured", [at("00", 1e9), at("01", null)], "01"],
  ["of two with about equal room the one with fewer stores", [at("00", 4_096, 3), at("01", 90_112, 1)], "01"],
  ["of two equal ones the first", [at("01", 0), at("00", 0)], "00"],
  ["none that is full, however few stores it has", [at("00", FULL_SHARD_BYTES), at("01", 7e9, 900)], "01"],
  ["none when all are full", [at("00", FULL_SHARD_BYTES), at("01", 9.9e9)], null],
  ["none when there are none", [], null],
])("A new store goes to %s", (_, shards, chosen) => {
  expect(chooseShard(shards)).toBe(chosen);
});

it("The choice never is a full database, nor one with much less room than another, whatever their order", () => {
  const shard = fc.record({
    shard: fc.string(),
    bytes: fc.option(fc.nat(10_000_000_000)),
    stores: fc.nat(2_000),
  });
  fc.assert(
    fc.property(fc.uniqueArray(shard, { selector: (each) => each.shard, minLength: 1 }), (shards) => {
      const chosen = chooseShard(shards);
      expect(chooseShard([...shards].reverse())).toBe(chosen);
      const open = shards.filter(({ bytes }) => (bytes ?? 0) < FULL_SHARD_BYTES);
      const found = open.find((each) => each.shard === chosen);
      expect(found === undefined).toBe(open.length === 0);
      const least = Math.min(...open.map((each) => each.bytes ?? 0));
      expect((found?.bytes ?? 0) - least).toBeLessThan(STORE_ROOM_BYTES);
    }),
  );
});

it("Operators are warned before a database is full", () => {
  expect([0, SHARD_WARNING_BYTES - 1].map(shardState)).toEqual(["ok", "ok"]);
  expect([SHARD_WARNING_BYTES, FULL_SHARD_BYTES - 1].map(shardState)).toEqual(["filling", "filling"]);
  expect([FULL_SHARD_BYTES, 1e10].map(shardState)).toEqual(["full", "full"]);
});
