import { expect, it } from "vitest";
import { toCsv } from "../../../dashboard/src/csv.ts";

it.each([
  ["a formula", "=1+1", `"'=1+1"`],
  ["a formula after a blank", " =1+1", `" '=1+1"`],
  ["a formula after a separator", "a;=1+1", `"a;'=1+1"`],
  ["a wide sign", "＝1+1", `"'＝1+1"`],
])("a file of the pages marks %s as text, as the API's does", (_, name, written) => {
  expect(toCsv(["name", "n"], [[name, 1]])).toBe(`"name","n"\r\n${written},1`);
});
