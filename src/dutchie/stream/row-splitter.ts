import { MAX_ERROR_BYTES } from "../../domain/bounds.ts";
import { messageIn } from "../http/classify-response.ts";
import { DutchieReadError, dutchieError } from "../http/errors.ts";
import { Capture } from "./capture.ts";
import {
  addMember,
  type Envelope,
  envelopeKey,
  errorFromMessage,
  isListKey,
  isNotice,
  isPaging,
  isWrapper,
  quoteKeys,
  readEnvelope,
} from "./envelope.ts";
import { fail, parseRow, type SplitRow } from "./parse-row.ts";
import { RowGuess } from "./row-guess.ts";
import { isSpace, ValueScanner } from "./scanner.ts";

export interface SplitLimits {
  max_bytes: number;
  max_row_bytes: number;
  /** Keys under which the rows may be, besides the general ones: `products`. */
  names: readonly string[];
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
type Purpose = "row" | "key" | "other";

/** Bytes of one value beside the rows. Of a longer one we only know that it exists. */
const MAX_ASIDE_BYTES = 65_536;
const TOO_LONG = "(too long to be read)";
/** Characters of all values beside the rows: an envelope has a few hundred. */
const MAX_MEMBERS_CHARS = 1_048_576;
/** Keys beside the rows: far more than any envelope has. */
const MAX_MEMBERS = 200;
/** Bytes of lists under unknown keys, kept until it is clear whether there is only one. */
const MAX_CANDIDATE_BYTES = 1_048_576;
/** How many objects may surround the list. */
const MAX_WRAPPERS = 3;

/** A list under an unknown key. If it is the only one, it is the rows. */
interface Candidate {
  key: string;
  rows: SplitRow[];
  bytes: number;
}

/**
 * The synchronous part of the stream: bytes in, rows out. Accepts two shapes: `[…]`, and an object with the list under a
 * key and other statements beside it. Throws DutchieReadError as soon as the body is anything else or is cut off.
 */
export class RowSplitter {
  #state: State = "start";
  #purpose: Purpose | null = null;
  #scanner = new ValueScanner();
  #guess = new RowGuess();
  #capture: Capture;
  #aside = new Capture(MAX_ASIDE_BYTES);
  #key = "";
  #topIsList = true;
  /** How many objects surround the one being read. */
  #depth = 0;
  /** The key of the list; null: not found yet. */
  #list: string | null = null;
  #candidate: Candidate | null = null;
  #candidates: Candidate[] = [];
  /** Bytes of all candidates. */
  #candidateBytes = 0;
  #members = new Map<string, unknown>();
  #membersChars = 0;
  #bytes = 0;
  #limits: SplitLimits;
  #rows: SplitRow[] = [];
  #decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  #encoder = new TextEncoder();
  /** The chunk under way as text; null: not decoded yet. */
  #text: string | null = null;
  /** Characters of the chunk's text in which rows may be guessed; null: not known yet. */
  #exactChars: number | null = null;
  /** How many bytes more than characters the chunk has before the place that is read. */
  #apart = 0;

  count = 0;
  /** What the answer states beside its rows; known at its end. */
  envelope: Envelope = { error: null, next: null, total_rows: null, total_pages: null };

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
    this.#text = null;
    this.#exactChars = null;
    this.#apart = 0;
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

  /** Ends the body. Throws unless it is complete. */
  end(): void {
    if (this.#state === "start") fail("The answer is empty: even an empty list must be []");
    if (this.#state !== "end") fail(`The answer was cut off after ${this.count} rows`);
  }

  #structure(bytes: Uint8Array, i: number): number {
    const byte = bytes[i] ?? 0;
    const char = byte < 0x80 ? String.fromCharCode(byte) : "�";
    switch (this.#state) {
      case "start":
        return this.#top(bytes, char, i);
      case "list_first":
        if (char === "]") return this.#listEnded(i);
        return this.#beginRow(bytes, i);
      case "list_value":
        return this.#beginRow(bytes, i);
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
        return fail(`The answer continues after its end (with ${char})`);
    }
  }

  #top(bytes: Uint8Array, char: string, i: number): number {
    if (char !== "[" && char !== "{") {
      const text = new TextDecoder().decode(bytes.subarray(i, i + MAX_ERROR_BYTES));
      const error = errorFromMessage(messageIn(text));
      if (error.code === "RATE_LIMITED") throw new DutchieReadError(error);
      const what = char === "<" ? "a page (HTML or XML)" : "something else";
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
    const candidate = this.#candidate;
    this.#candidate = null;
    // Once the list is known, lists under unknown keys do not matter.
    if (candidate !== null && this.#list === null) {
      this.#candidateBytes += candidate.bytes;
      this.#candidates.push(candidate);
      if (this.#candidateBytes > MAX_CANDIDATE_BYTES || this.#candidates.length > MAX_MEMBERS) this.#refuseLists();
    }
    this.#state = this.#topIsList ? "end" : "object_next";
    return i + 1;
  }

  #objectEnded(i: number): number {
    if (this.#depth > 0) {
      this.#depth--;
      this.#state = "object_next";
      return i + 1;
    }
    if (this.#list === null) this.#choose();
    this.envelope = readEnvelope(this.#members, { list: this.#list, count: this.count });
    if (this.envelope.error !== null) throw new DutchieReadError(this.envelope.error);
    this.#state = "end";
    return i + 1;
  }

  /** Chooses the list under an unknown key, if only one contains objects. */
  #choose(): void {
    const lists = this.#candidates.filter(({ rows }) => rows.some((row) => !row.ok || isObject(row.value)));
    if (lists.length > 1) this.#refuseLists(lists);
    const [only] = lists;
    if (only !== undefined) this.#adopt(only);
    else if (this.#candidates.length > 0) {
      fail(
        `The answer contains an empty list under an unknown name (${quoteKeys(this.#candidates.map(({ key }) => key))})`,
      );
    }
  }

  #refuseLists(lists = this.#candidates): never {
    fail(
      `The answer contains several lists (${quoteKeys(lists.map(({ key }) => key))}): it is unclear which one has the rows`,
    );
  }

  #adopt({ key, rows }: Candidate): void {
    this.#list = key;
    this.#rows.push(...rows);
    this.count += rows.length;
  }

  #beginKey(byte: number, i: number): number {
    if (byte !== 0x22) fail("The answer is not valid JSON (a key is missing)");
    return this.#beginValue("key", byte, i);
  }

  #member(byte: number, char: string, i: number): number {
    const key = this.#key;
    if (char === "{" && isWrapper(key) && this.#depth < MAX_WRAPPERS) {
      this.#depth++;
      this.#state = "object_first";
      return i + 1;
    }
    if (char !== "[" || isNotice(key)) return this.#beginValue("other", byte, i);
    if (isListKey(key) || this.#limits.names.includes(key)) {
      if (this.#list === key) fail("The answer contains its rows twice");
      if (this.#list !== null)
        fail(`The answer contains two lists (${quoteKeys([this.#list, key])}): it is unclear which one has the rows`);
      this.#list = key;
    } else {
      this.#candidate = { key, rows: [], bytes: 0 };
    }
    this.#state = "list_first";
    return i + 1;
  }

  #beginRow(bytes: Uint8Array, i: number): number {
    const byte = bytes[i] ?? 0;
    return (byte === 0x7b ? this.#guessRow(bytes, i) : null) ?? this.#beginValue("row", byte, i);
  }

  #beginValue(purpose: Purpose, byte: number, i: number): number {
    // These bytes cannot begin a value: `[,1]`, `[1,]`, `{"a":}`.
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x3a) {
      fail(`The answer is not valid JSON after ${this.count} rows (a value is missing)`);
    }
    this.#purpose = purpose;
    this.#into.begin();
    this.#scanner.begin(byte);
    return i;
  }

  /** Reads the row at this place without a scan, and returns the place after it; null: it has to be scanned. */
  #guessRow(bytes: Uint8Array, i: number): number | null {
    if (this.#candidate !== null || !this.#guess.isReady || this.#exactChars === 0) return null;
    this.#text ??= this.#decoder.decode(bytes);
    const isAscii = this.#text.length === bytes.length;
    this.#exactChars ??= exactCharsOf(this.#text);
    const from = i - this.#apart;
    const end = this.#guess.borderBehind(this.#text, from);
    if (end === -1 || end >= this.#exactChars) {
      // Asked once: each further row of this chunk would search up to its end again.
      this.#exactChars = 0;
      return null;
    }
    const text = this.#text.slice(from, end + 1);
    const size = isAscii ? text.length : this.#encoder.encode(text).length;
    if (size > this.#limits.max_row_bytes) return null;
    const value = this.#guess.rowOf(text);
    if (value === null) return null;
    this.#apart += size - text.length;
    this.#rowEnded({ ok: true, value, size: text.length });
    this.#state = "list_next";
    return i + size;
  }

  #continueValue(bytes: Uint8Array, from: number): number {
    const scan = this.#scanner.scan(bytes, from);
    if (scan === "mismatch") fail(`The answer is not valid JSON: brackets do not match in row ${this.count + 1}`);
    if (scan === "too_deep") fail(`Row ${this.count + 1} of the answer is nested too deeply`);
    const to = this.#scanner.position;
    if (this.#candidate !== null) this.#candidate.bytes += to - from;
    if (scan === "done") this.#valueEnded(this.#textOf(bytes, from, to));
    else this.#into.add(bytes.subarray(from, to));
    return to;
  }

  /**
   * The value's text. The chunk is decoded once for all its values, since that takes as long as decoding one. A value beyond
   * ASCII is decoded alone, and shows by how much characters and bytes are apart after it.
   */
  #textOf(bytes: Uint8Array, from: number, to: number): string {
    const into = this.#into;
    const isContinued = into.isContinued;
    if (!isContinued && !this.#scanner.wide && to - from <= into.max) {
      this.#text ??= this.#decoder.decode(bytes);
      return this.#text.slice(from - this.#apart, to - this.#apart);
    }
    const piece = bytes.subarray(from, to);
    const text = into.end(piece);
    if (this.#scanner.wide) {
      const isWhole = !isContinued && !into.tooLarge;
      this.#apart += to - from - (isWhole ? text : this.#decoder.decode(piece)).length;
    }
    return text;
  }

  #valueEnded(text: string): void {
    const purpose = this.#purpose;
    const { tooLarge } = this.#into;
    this.#purpose = null;
    if (purpose !== "row" && this.#scanner.deep) fail("What the answer contains besides its rows is nested too deeply");
    if (purpose === "row") {
      const row = parseRow(text, { clear: this.#scanner.clear, too_large: tooLarge, too_deep: this.#scanner.deep });
      if (row.ok) this.#guess.learn(text);
      this.#rowEnded(row);
      this.#state = "list_next";
    } else if (purpose === "key") {
      if (tooLarge) fail("The answer is not a list of rows (one of its keys has no end)");
      this.#key = envelopeKey(String(parsed(text)));
      this.#state = "object_colon";
    } else {
      if (tooLarge && isPaging(this.#key)) fail('The answer\'s "next" is too long');
      // `data` must be a list: anything else is a broken answer, not an empty list.
      if (this.#key === "data") fail('The answer\'s "data" is not a list');
      this.#membersChars += text.length;
      addMember(this.#members, this.#key, tooLarge ? TOO_LONG : orUndefined(text));
      // We cannot ignore the rest: it could be an error.
      if (this.#membersChars > MAX_MEMBERS_CHARS || this.#members.size > MAX_MEMBERS)
        fail("The answer contains too much besides its rows");
      this.#state = "object_next";
    }
  }

  #rowEnded(row: SplitRow): void {
    const candidate = this.#candidate;
    if (candidate === null) {
      this.count++;
      this.#rows.push(row);
      return;
    }
    candidate.rows.push(row);
    if (candidate.bytes <= MAX_CANDIDATE_BYTES) return;
    // A list of this size is the rows, not a remark beside another list.
    if (this.#list !== null)
      fail(
        `The answer contains two lists (${quoteKeys([this.#list, candidate.key])}): it is unclear which one has the rows`,
      );
    this.#adopt(candidate);
    this.#candidate = null;
  }

  get #into(): Capture {
    return this.#purpose === "row" ? this.#capture : this.#aside;
  }
}

/** Up to the first sign for an unreadable byte: behind it, nobody knows how far characters and bytes are apart. */
function exactCharsOf(text: string): number {
  const at = text.indexOf("\ufffd");
  return at === -1 ? text.length : at;
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

function orUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An unreadable value beside the rows is no statement.
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail("The answer is not valid JSON (around its rows)");
  }
}
