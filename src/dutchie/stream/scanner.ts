/**
 * Finds where JSON values begin and end in bytes, without parsing them: one pass, one or two comparisons per byte. A chunk
 * may end anywhere, even inside a string, an escape or a UTF-8 sequence. (All bytes of a UTF-8 sequence are 0x80 or above,
 * so none looks like a quote or a bracket.)
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;
const LAST_ASCII = 0x7f;
const COMMA = 0x2c;
const COLON = 0x3a;

/** 1 for these bytes: a table is asked faster than a set, and each string of a row asks both. */
const among = (...bytes: number[]): Uint8Array => {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
};
const OPENS_OR_SEPARATES = among(OPEN_ARRAY, OPEN_OBJECT, COMMA, COLON);
const CLOSES_OR_SEPARATES = among(CLOSE_ARRAY, CLOSE_OBJECT, COMMA, COLON);

/** Levels. Real rows have four: a row with more than 64 fails. */
export const MAX_DEPTH = 64;
/** Levels up to which such a row's end is still found, so that it fails alone. Beyond, the answer is an attack or garbage. */
const MAX_OPEN = 65_536;

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

export type Scan = "more" | "done" | "mismatch" | "too_deep";

/** Scans one value at a time: `begin`, then `scan` for each chunk until it is done. */
export class ValueScanner {
  #kind: "nested" | "string" | "bare" = "bare";
  #depth = 0;
  #open = new Uint8Array(MAX_DEPTH + 1);
  #inString = false;
  /** Whether the byte after a backslash lies in the next chunk. */
  #skipOne = false;

  /** The last byte outside strings that is not a space; QUOTE after a string. */
  #last = 0;

  /**
   * False when a string touches bare text: a quote is missing, so what looks like text is not. Such a "value" may contain
   * the rows after it. Treated as one bad row, those would look absent, and absent means sold out.
   */
  clear = true;

  /** Whether the value has more than MAX_DEPTH levels. */
  deep = false;

  /** Whether a byte of the last scan was beyond ASCII. */
  wide = false;

  /** The index after the last byte scanned; after "done", the index after the value. */
  position = 0;

  /** `first`: the value's first byte, which `scan` must receive as well. */
  begin(first: number): void {
    this.#kind = first === OPEN_OBJECT || first === OPEN_ARRAY ? "nested" : first === QUOTE ? "string" : "bare";
    this.#depth = 0;
    this.#inString = false;
    this.#skipOne = false;
    this.#last = COMMA;
    this.clear = true;
    this.deep = false;
  }

  #roomFor(depth: number): Uint8Array<ArrayBuffer> {
    if (depth >= this.#open.length) {
      const open = new Uint8Array(MAX_OPEN);
      open.set(this.#open);
      this.#open = open;
    }
    return this.#open;
  }

  scan(bytes: Uint8Array, from: number): Scan {
    return this.#kind === "bare" ? this.#scanBare(bytes, from) : this.#scanNested(bytes, from);
  }

  /** A number, true, false, null or garbage: ends before the first byte that cannot be part of it. */
  #scanBare(bytes: Uint8Array, from: number): Scan {
    let i = from;
    this.wide = false;
    for (; i < bytes.length; i++) {
      const byte = bytes[i] as number;
      if (byte > LAST_ASCII) this.wide = true;
      if (byte === COMMA || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT || isSpace(byte)) {
        this.position = i;
        return "done";
      }
    }
    this.position = i;
    return "more";
  }

  #scanNested(bytes: Uint8Array, from: number): Scan {
    const end = bytes.length;
    let open = this.#open;
    let depth = this.#depth;
    let inString = this.#inString;
    let last = this.#last;
    let clear = this.clear;
    // All bits that were set in any byte.
    let bits = 0;
    let i = this.#skipOne ? from + 1 : from;
    this.#skipOne = false;
    let result: Scan = "more";

    while (i < end) {
      if (inString) {
        // The hot loop: most bytes of a row are in strings.
        let byte = 0;
        for (; i < end; i++) {
          byte = bytes[i] as number;
          bits |= byte;
          if (byte === QUOTE || byte === BACKSLASH) break;
        }
        if (i >= end) break;
        if (byte === BACKSLASH) {
          i += 2;
          continue;
        }
        inString = false;
        i++;
        if (depth === 0) {
          result = "done";
          break;
        }
        continue;
      }
      const byte = bytes[i++] as number;
      bits |= byte;
      if (byte === QUOTE) {
        inString = true;
        if (OPENS_OR_SEPARATES[last] === 0) clear = false;
        last = QUOTE;
        continue;
      }
      if (byte <= SPACE && isSpace(byte)) continue;
      if (last === QUOTE && CLOSES_OR_SEPARATES[byte] === 0) clear = false;
      last = byte;
      if (byte < OPEN_ARRAY) continue;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (depth >= MAX_DEPTH) {
          if (depth >= MAX_OPEN) {
            result = "too_deep";
            break;
          }
          this.deep = true;
          open = this.#roomFor(depth);
        }
        open[depth++] = byte;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // The closing byte of both kinds is the opening one plus two.
        if (open[--depth] !== byte - 2) {
          result = "mismatch";
          break;
        }
        if (depth === 0) {
          result = "done";
          break;
        }
      }
    }
    if (i > end) {
      this.#skipOne = true;
      i = end;
    }
    this.clear = clear;
    this.wide = bits > LAST_ASCII;
    this.#depth = depth;
    this.#inString = inString;
    this.#last = last;
    this.position = i;
    return result;
  }
}
