/** Whether the text is in the clipboard now. A page without https has none, and a frame in another page may not write to it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
