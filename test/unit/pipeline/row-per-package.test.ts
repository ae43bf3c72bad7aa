import { expect, it } from "vitest";
import { MAX_COLLECTED_BYTES } from "../../../src/domain/bounds.ts";
import { LANE_LIMITS } from "../../../src/domain/limits/pace.ts";
import type { DutchiePackage } from "../../../src/domain/records/model.ts";
import { decodeInventory } from "../../../src/dutchie/decode/decode.ts";
import { Meter } from "../../../src/dutchie/http/meter.ts";
import { Collected, rowPerPackage } from "../../../src/pipeline/reading/row-per-package.ts";
import { all, readError } from "../dutchie/support/collect.ts";

const failure = (id: string | null) => ({ resource: "inventory" as const, dutchie_id: id, reason: "no quantity" });

async function* chunksOf(count: number, idOf: (index: number) => string | null) {
  for (let from = 0; from < count; from += 500) {
    const failures = Array.from({ length: Math.min(500, count - from) }, (_, i) => failure(idOf(from + i)));
    yield { rows: [], failures, unknown: 0 };
  }
}

it.each([
  ["short ids", MAX_COLLECTED_BYTES / 64, (i: number) => String(i)],
  ["ids of 200 characters", MAX_COLLECTED_BYTES / 256, (i: number) => String(i).padStart(200, "x")],
])("F83: failed rows with %s count towards the rows in memory", async (_, count, idOf) => {
  const { error } = await readError(() => all(rowPerPackage(chunksOf(count, idOf), new Meter())));
  expect(error.message).toContain("too large");
});

it.each([
  ["without an id", () => null],
  ["of one package", () => "7"],
])("F83: failed rows %s take no memory", async (_, idOf) => {
  expect(await all(rowPerPackage(chunksOf(500_000, idOf), new Meter()))).toHaveLength(1_000);
});

it.each([
  ["a fifth of the most, and a byte for the slow lane", "quick", 5, true],
  ["a fifth of the most, read by the slow lane", "slow", 5, false],
  ["a sixth of the most", "quick", 6, false],
] as const)("F83: five polls share an isolate: an inventory of %s", async (_, lane, part, isBeyond) => {
  const meter = new Meter(LANE_LIMITS[lane]);
  const count = Math.ceil(MAX_COLLECTED_BYTES / part / 64);
  const reading = all(rowPerPackage(chunksOf(count, String), meter));
  if (isBeyond) await expect(reading).rejects.toThrow();
  else expect((await reading).length).toBeGreaterThan(0);
  expect(meter.isBeyondLane).toBe(isBeyond);
});

const rowsOf = (...ids: number[]) =>
  ids.map((id) => {
    const decoded = decodeInventory({ id, quantity: id, roomName: "Vault" });
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.row;
  });

it("F83: an inventory that is too large for the quick lane goes on in the slow lane at its page", async () => {
  const count = Math.ceil(MAX_COLLECTED_BYTES / 5 / 64);
  async function* pages() {
    for await (const chunk of chunksOf(1_000, String)) yield { ...chunk, page: "b" };
    for await (const chunk of chunksOf(count, (i) => `x${i}`)) yield { ...chunk, page: "c" };
  }
  const quick = new Meter(LANE_LIMITS.quick);
  const collected = new Collected();
  const { page } = await readError(() => all(rowPerPackage(pages(), quick, collected)));
  expect([page, quick.isBeyondLane]).toEqual(["c", true]);
});

function idsIn(text: string): string[] {
  const { rows, failed } = JSON.parse(text) as { rows: DutchiePackage[]; failed: string[] };
  return [...rows.map((row) => row.dutchie_inventory_id), ...failed];
}

it("a read that goes on at a page has the rows before it, and none of the page that broke off", async () => {
  async function* broken() {
    yield { rows: rowsOf(1, 2), failures: [failure("9")], unknown: 0, page: null };
    yield { rows: rowsOf(3), failures: [], unknown: 0, page: "b" };
    throw new Error("cut");
  }
  const first = new Collected();
  await expect(all(rowPerPackage(broken(), new Meter(), first))).rejects.toThrow("cut");
  expect(idsIn(first.before("c"))).toEqual(["1", "2", "3", "9"]);
  const second = new Collected([first.before("b")]);
  async function* rest() {
    yield { rows: rowsOf(4), failures: [], unknown: 0, page: "b" };
    yield { rows: rowsOf(5), failures: [], unknown: 0, page: "c" };
  }
  const [, , packages] = await all(rowPerPackage(rest(), new Meter(), second));
  expect(packages?.rows.map((row) => row.dutchie_inventory_id)).toEqual(["1", "2", "4", "5"]);
  expect(idsIn(second.before("c"))).toEqual(["4", "9"]);
});
