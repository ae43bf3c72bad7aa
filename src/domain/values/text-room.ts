/** How long a text may be that a person types. Bytes: of UTF-8; characters: as JavaScript counts them. */
export interface TextBound {
  max: number;
  unit: "bytes" | "characters";
}

/** How much more fits, in the bound's unit; below 0: it is too long. Blanks around the text are not kept. */
export function roomLeft(text: string, { max, unit }: TextBound): number {
  const kept = text.trim();
  return max - (unit === "bytes" ? new TextEncoder().encode(kept).byteLength : kept.length);
}

/** How many signs must go from the end until the text fits: what a person can count. */
export function excessSigns(text: string, bound: TextBound): number {
  let left = roomLeft(text, bound);
  let signs = 0;
  for (const sign of [...text.trim()].reverse()) {
    if (left >= 0) break;
    left += bound.unit === "bytes" ? new TextEncoder().encode(sign).byteLength : sign.length;
    signs++;
  }
  return signs;
}
