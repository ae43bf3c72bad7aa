import { Capture } from "./capture.ts";
import { DutchieReadError, dutchieError } from "./errors.ts";
import { fail, parseRow, type SplitRow } from "./parse-row.ts";
import { isSpace, ValueScanner } from "./scanner.ts";

export interface SplitLimits {
  max_bytes: number;
  max_row_bytes: number;
}

type State =
  | "start"
  | "list_first"
  | "list_value"
  | "list_next"
  | "object_first"
  | "object_key"
  | "object_colon"
  | "object_value"
  | "object_next"
  | "end";
type Purpose = "row" | "key" | "next" | "other";

const BOM = [0xef, 0xbb, 0xbf];

/**
 * The synchronous heart of the stream: bytes in, rows out. Knows two shapes, `[…]` and `{"data": […], "next": …}`.
 * Throws DutchieReadError as soon as the body is something else or breaks off.
 */
export class RowSplitter {
  #state: State = "start";
  #purpose: Purpose | null = null;
  #scanner = new ValueScanner();
  #capture: Capture;
  #key = "";
  #bytesOfBom = 0;
  #topIsList = true;
  #sawData = false;
  #bytes = 0;
  #limits: SplitLimits;
  #rows: SplitRow[] = [];

  next: unknown = null;
  count = 0;

  constructor(limits: SplitLimits) {
    this.#limits = limits;
    this.#capture = new Capture(limits.max_row_bytes);
  }

  /** Reads one chunk and returns the rows that ended in it. */
  push(bytes: Uint8Array): SplitRow[] {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#limits.max_bytes) {
      fail(`The answer is larger than ${Math.round(this.#limits.max_bytes / 1_048_576)} MB`);
    }
    let i = 0;
    while (i < bytes.length) {
      if (this.#purpose !== null) i = this.#continueValue(bytes, i);
      else if (isSpace(bytes[i])) i++;
      else i = this.#structure(bytes, i);
    }
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** The body is over: complete, or not. */
  end(): void {
    if (this.#state === "start") fail("The answer is empty where a list belongs, at least []");
    if (this.#state !== "end") fail(`The answer was cut off after ${this.count} rows`);
  }

  #structure(bytes: Uint8Array, i: number): number {
    const byte = bytes[i] ?? 0;
    const char = byte < 0x80 ? String.fromCharCode(byte) : "�";
    switch (this.#state) {
      case "start":
        return this.#top(byte, char, i);
      case "list_first":
        if (char === "]") return this.#listEnded(i);
        return this.#beginValue("row", byte, i);
      case "list_value":
        return this.#beginValue("row", byte, i);
      case "list_next":
        if (char === "]") return this.#listEnded(i);
        return this.#expect(",", char, "list_value", i);
      case "object_first":
        if (char === "}") return this.#objectEnded(i);
        return this.#beginKey(byte, i);
      case "object_key":
        return this.#beginKey(byte, i);
      case "object_colon":
        return this.#expect(":", char, "object_value", i);
      case "object_value":
        return this.#member(byte, char, i);
      case "object_next":
        if (char === "}") return this.#objectEnded(i);
        return this.#expect(",", char, "object_key", i);
      case "end":
        return fail(`The answer goes on after its end (with ${char})`);
    }
  }

  #top(byte: number, char: string, i: number): number {
    if (byte === BOM[this.#bytesOfBom]) {
      this.#bytesOfBom++;
      return i + 1;
    }
    if (char !== "[" && char !== "{") {
      const what = char === "<" ? "a page (HTML or XML)" : "something";
      throw new DutchieReadError(
        dutchieError("NOT_DUTCHIE", `The endpoint answered with ${what}, not with a JSON list`),
      );
    }
    this.#topIsList = char === "[";
    this.#state = this.#topIsList ? "list_first" : "object_first";
    return i + 1;
  }

  #expect(wanted: string, char: string, then: State, i: number): number {
    if (char !== wanted) fail(`The answer is not valid JSON after ${this.count} rows (${char} instead of ${wanted})`);
    this.#state = then;
    return i + 1;
  }

  #listEnded(i: number): number {
    this.#state = this.#topIsList ? "end" : "object_next";
    return i + 1;
  }

  #objectEnded(i: number): number {
    if (!this.#sawData) {
      throw new DutchieReadError(
        dutchieError("NOT_DUTCHIE", "The endpoint answered with an object that holds no rows"),
      );
    }
    this.#state = "end";
    return i + 1;
  }

  #beginKey(byte: number, i: number): number {
    if (byte !== 0x22) fail("The answer is not valid JSON (a key is missing)");
    return this.#beginValue("key", byte, i);
  }

  #member(byte: number, char: string, i: number): number {
    if (this.#key === "data") {
      if (this.#sawData) fail("The answer carries its rows twice");
      if (char !== "[") fail('The answer\'s "data" is not a list');
      this.#sawData = true;
      this.#state = "list_first";
      return i + 1;
    }
    return this.#beginValue(this.#key === "next" || this.#key === "nextcursor" ? "next" : "other", byte, i);
  }

  #beginValue(purpose: Purpose, byte: number, i: number): number {
    // What cannot begin a value: `[,1]`, `[1,]`, `{"a":}`.
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x3a) {
      fail(`The answer is not valid JSON after ${this.count} rows (a value is missing)`);
    }
    this.#purpose = purpose;
    this.#capture.begin();
    this.#scanner.begin(byte);
    return i;
  }

  #continueValue(bytes: Uint8Array, from: number): number {
    const scan = this.#scanner.scan(bytes, from);
    if (scan === "mismatch") fail(`The answer is not valid JSON: brackets do not match in row ${this.count + 1}`);
    if (scan === "too_deep") fail(`Row ${this.count + 1} of the answer is nested too deep`);
    const to = this.#scanner.position;
    const skipped = this.#purpose === "other";
    if (scan === "done") this.#valueEnded(skipped ? "" : this.#capture.end(bytes.subarray(from, to)));
    else if (!skipped) this.#capture.add(bytes.subarray(from, to));
    return to;
  }

  #valueEnded(text: string): void {
    const purpose = this.#purpose;
    const { tooLarge } = this.#capture;
    this.#purpose = null;
    if (purpose === "row") {
      this.count++;
      this.#rows.push(parseRow(text, { clear: this.#scanner.clear, too_large: tooLarge }));
      this.#state = "list_next";
    } else if (purpose === "key") {
      if (tooLarge) fail("The answer is not a list of rows (a key without end)");
      this.#key = String(parsed(text)).toLowerCase().replaceAll("_", "");
      this.#state = "object_colon";
    } else {
      if (purpose === "next" && tooLarge) fail('The answer\'s "next" is too long');
      if (purpose === "next") this.next = parsed(text);
      this.#state = "object_next";
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("The answer is not valid JSON (around its rows)");
  }
}
