/** The last four characters of a secret, never more; of one so short that four would tell too much, none. */
export function keyHint(key: string): string {
  return key.length < 8 ? "…" : `…${key.slice(-4)}`;
}
