/** The last four characters of a secret, never more. None of a short secret: four would reveal too much. */
export function keyHint(key: string): string {
  return key.length < 8 ? "…" : `…${key.slice(-4)}`;
}
