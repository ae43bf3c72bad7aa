import { expect, it } from "vitest";
import { droppedFields } from "../../../../src/domain/pushes/dropped.ts";
import type { Read } from "../../../../src/domain/records/version.ts";

/** The write was based on the state of 1,000 and answered at 2,000. */
const write = { fields: { unit_price: { value: 33, base: 30 } }, known_at: 1_000, answered_at: 2_000 };
const list = (as_of: number): Read => ({ kind: "snapshot", as_of, complete: true });
const event: Read = { kind: "event", occurred_at: 3_000, received_at: 3_000 };
const conflict = [{ field: "unit_price", base: 30, dutchie_value: 30, reup_value: 33 }];

it.each<[string, Partial<Parameters<typeof droppedFields>[1]>, unknown[]]>([
  ["a later list has the value from before the edit", {}, conflict],
  ["the list has no stamp", { modified_at: null }, conflict],
  ["the list has the value that we wrote", { is: { unit_price: 33 } }, []],
  ["the list has a third value", { is: { unit_price: 28 } }, []],
  ["we knew the value before the list", { was: { unit_price: 30 } }, []],
  ["the list may be older than the write", { read: list(2_000) }, []],
  ["somebody edited the product after our read", { modified_at: 1_001 }, []],
  ["a webhook says so, and it may be of before the write", { read: event }, []],
])("what Dutchie's list says of a value that it seemed to save: %s", (_, over, expected) => {
  const shown = { read: list(2_001), modified_at: 1_000, was: { unit_price: 33 }, is: { unit_price: 30 }, ...over };
  expect(droppedFields(write, shown)).toEqual(expected);
});

it("a write that nobody has answered shows nothing", () => {
  const shown = { read: list(9_000), modified_at: null, was: { unit_price: 33 }, is: { unit_price: 30 } };
  expect(droppedFields({ ...write, answered_at: null }, shown)).toEqual([]);
});

it("of two fields, only the one that was not saved is named", () => {
  const fields = { ...write.fields, brand: { value: "Wana", base: "Kiva" } };
  const shown = {
    read: list(2_001),
    modified_at: 1_000,
    was: { unit_price: 33, brand: "Wana" },
    is: { unit_price: 30, brand: "Wana" },
  };
  expect(droppedFields({ ...write, fields }, shown)).toEqual(conflict);
});
