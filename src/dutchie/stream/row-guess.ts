import { MAX_DEPTH } from "./scanner.ts";

/** How a row begins tells how the next ones begin: `{"productId":`. */
const HEAD = /^\{"[^"\\]{1,60}":/;
/** Wrong guesses in one answer. Each costs as much as a row, and where rows contain rows like themselves, each is wrong. */
const MAX_WRONG = 8;

/**
 * A row's end, guessed: the rows of an answer begin alike, so a row ends where the next one seems to begin. Whether it does,
 * `JSON.parse` decides: text that ends within a string or a list of the row is no JSON, for what is open never closes. So a
 * guess is right or refused, and a right one spares the scan of each byte. What is refused is for the scanner: the last row
 * of a chunk, a broken row, a row with blanks around it, a row that is nested too deeply.
 */
export class RowGuess {
  #border: string | null = null;
  #wrong = 0;

  get isReady(): boolean {
    return this.#border !== null && this.#wrong < MAX_WRONG;
  }

  /** Learns from a row that was scanned. */
  learn(row: string): void {
    if (this.#border !== null) return;
    const [head] = HEAD.exec(row) ?? [];
    if (head !== undefined) this.#border = `},${head}`;
  }

  /** Where the next row seems to begin behind a place in the text, at its border; -1: nowhere. */
  borderBehind(text: string, from: number): number {
    return this.#border === null ? -1 : text.indexOf(this.#border, from);
  }

  /** The row's value; null: the text is no row. */
  rowOf(text: string): object | null {
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === "object" && value !== null && !(opensMore(text, FEW_OPEN) && isDeeper(value, MAX_DEPTH)))
        return value;
    } catch {
      // Not the row's end, or a broken row: the scanner decides.
    }
    this.#wrong += 1;
    return null;
  }
}

/** Nearly every row has fewer brackets. It is below MAX_DEPTH, and small, because each bracket is a search. */
const FEW_OPEN = 16;

/** Whether the text has more opening brackets, in strings or not: with fewer, no row is nested too deeply, whatever it says. */
function opensMore(text: string, few: number): boolean {
  let open = 0;
  for (const bracket of ["{", "["]) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) if (++open > few) return true;
  }
  return false;
}

function isDeeper(value: object, levels: number): boolean {
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((member) => isNested(member) && isDeeper(member, levels - 1));
  const row = value as Record<string, unknown>;
  // Without a list of its values: each row would have one.
  for (const key in row) {
    const member = row[key];
    if (isNested(member) && isDeeper(member, levels - 1)) return true;
  }
  return false;
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
