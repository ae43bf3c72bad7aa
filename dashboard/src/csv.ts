import { csvCell } from "../../src/client/rules.ts";

/** A table as a file for a spreadsheet, with cells as in the API's CSV. */
export const toCsv = (head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n");
