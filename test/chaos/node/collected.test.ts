import { beforeEach, expect, it } from "vitest";
import { CollectedTable } from "../../../src/location/storage/collected.ts";
import { migrate } from "../../../src/location/storage/migrations.ts";
import { Storage } from "../../support/node-platform/durable-objects.ts";

let table: CollectedTable;

beforeEach(() => {
  const storage = new Storage();
  migrate(storage as never);
  table = new CollectedTable(storage.sql as never);
});

it("the parts of a read are in the order of its pages", () => {
  table.add(1, { from: null, to: "b", text: "1", place: 0 });
  table.add(2, { from: "b", to: "d", text: "2", place: 0 });
  expect([table.until("b"), table.until("d")]).toEqual(["1", "1\n2"]);
  table.clear();
  expect(table.until("b")).toBeNull();
});

it("a part that is read again replaces the earlier one, wherever the two end", () => {
  table.add(1, { from: null, to: "b", text: "1", place: 0 });
  table.add(2, { from: "b", to: "c", text: "lost with its attempt", place: 0 });
  table.add(3, { from: "b", to: "d", text: "3", place: 0 });
  expect(table.until("d")).toEqual("1\n3");
  expect(table.until("c")).toBeNull();
});

it("a part that comes in several texts is whole", () => {
  for (const [place, text] of ["x".repeat(500_001), "y", "z"].entries())
    table.add(1, { from: null, to: "b", text, place });
  expect(table.until("b")).toBe(`${"x".repeat(500_001)}yz`);
});

it("a page to which no part leads is not known, nor is one in a circle", () => {
  expect(table.until("b")).toBeNull();
  table.add(1, { from: null, to: "b", text: "1", place: 0 });
  table.add(2, { from: "b", to: "c", text: "2", place: 0 });
  table.add(3, { from: "c", to: "b", text: "3", place: 0 });
  expect(table.until("d")).toBeNull();
});

it("a text longer than a row comes back whole, though it is cut within a character", () => {
  const text = `${"x".repeat(499_999)}🌿${"🍋".repeat(400_000)}`;
  table.add(1, { from: null, to: "b", text, place: 0 });
  table.add(2, { from: "b", to: "c", text: "2", place: 0 });
  expect(table.until("c")).toEqual(`${text}\n2`);
});
