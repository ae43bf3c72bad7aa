import { csvCell } from "../../src/client/rules.ts";

/** A table as a file for a spreadsheet, with cells as in the API's CSV. */
export const toCsv = (head: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [head, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n");

/** Gives the browser a file to save. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // ms; by then each browser has begun to save it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
