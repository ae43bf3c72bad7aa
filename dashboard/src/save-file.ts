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
