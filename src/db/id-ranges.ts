/** A gap so many times as wide as the usual one ends a range: an old sale that changed lies far before the others. */
const WIDE = 20;

/**
 * The ranges of a key, both ends included, in which the ids lie closely. Ids with numbers of one length are split at wide gaps.
 * null: not all are ASCII, and only that is in the same order in SQLite as here.
 */
export function rangesOf(ids: readonly string[]): [first: string, last: string][] | null {
  if (!ids.every((id) => /^[ -~]+$/.test(id))) return null;
  const sorted = ids.toSorted();
  const gaps = gapsOf(sorted);
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const ranges: [string, string][] = [];
  for (const [index, id] of sorted.entries()) {
    const range = ranges.at(-1);
    if (range === undefined || (gaps[index - 1] ?? 0) > WIDE * usual) ranges.push([id, id]);
    else range[1] = id;
  }
  return ranges;
}

/** From each id to the next, if all are numbers of one length behind the same text. */
function gapsOf(sorted: readonly string[]): number[] {
  const parts = sorted.map((id) => /^(.*?)(\d{1,15})$/.exec(id));
  const [first] = parts;
  const isAlike = parts.every((part) => part?.[1] === first?.[1] && part?.[2]?.length === first?.[2]?.length);
  if (!isAlike) return [];
  const numbers = parts.map((part) => Number(part?.[2]));
  return numbers.slice(1).map((number, index) => number - (numbers[index] ?? 0));
}
