/** Says that the file is UTF-8. Without it, Excel shows letters with accents as two others. */
const MARK = "\ufeff";

/** Gives the browser a CSV file to save. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(new Blob([MARK, content], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // ms; by then each browser has begun to save it.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
