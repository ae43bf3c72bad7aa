import { MAX_ERROR_BYTES } from "../../domain/bounds.ts";
import { messageIn } from "../http/classify-response.ts";
import { DutchieReadError, dutchieError } from "../http/errors.ts";
import { Capture } from "./capture.ts";
import {
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
import { isSpace, ValueScanner } from "./scanner.ts";

export interface SplitLimits {
  max_bytes: number;
  max_row_bytes: number;
  /** Names under which the rows may stand, beside the general ones: `products`. */
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

/** Bytes of one value beside the rows; of a longer one is only known that it is there. */
const MAX_ASIDE_BYTES = 65_536;
const TOO_LONG = "(too long to be read)";
/** Characters of all of them together: an envelope has a few hundred. */
const MAX_MEMBERS_BYTES = 1_048_576;
/** Keys beside the rows: far more than any envelope has. */
const MAX_MEMBERS = 200;
/** Bytes of the lists under unknown names that are kept until it is clear whether one is the only one. */
const MAX_CANDIDATE_BYTES = 1_048_576;
/** Objects around the list. */
const MAX_WRAPPERS = 3;

/** A list under a name that we do not know: the rows, if it is the only one. */
interface Candidate {
  key: string;
  rows: SplitRow[];
  bytes: number;
}

/**
 * The synchronous heart of the stream: bytes in, rows out. Knows two shapes, `[…]` and an object that holds the list
 * under a key of its own, with whatever is told beside it. Throws DutchieReadError as soon as the body is something else
 * or breaks off.
 */
export class RowSplitter {
  #state: State = "start";
  #purpose: Purpose | null = null;
  #scanner = new ValueScanner();
  #capture: Capture;
  #aside = new Capture(MAX_ASIDE_BYTES);
  #key = "";
  #topIsList = true;
  /** Objects that are open around the one being read. */
  #depth = 0;
  /** The key of the list; null: not met yet. */
  #list: string | null = null;
  #candidate: Candidate | null = null;
  #candidates: Candidate[] = [];
  /** Bytes of all candidates. */
  #candidateBytes = 0;
  #members = new Map<string, unknown>();
  #membersBytes = 0;
  #bytes = 0;
  #limits: SplitLimits;
  #rows: SplitRow[] = [];

  count = 0;
  /** What the answer tells of itself; known at its end. */
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
        return this.#top(bytes, char, i);
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

  #top(bytes: Uint8Array, char: string, i: number): number {
    if (char !== "[" && char !== "{") {
      const said = new TextDecoder().decode(bytes.subarray(i, i + MAX_ERROR_BYTES));
      const limited = errorFromMessage(messageIn(said));
      if (limited.code === "RATE_LIMITED") throw new DutchieReadError(limited);
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
    const candidate = this.#candidate;
    this.#candidate = null;
    // Beside the list that is meant, others are none.
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

  /** Of lists under unknown names, the only one that holds objects. */
  #choose(): void {
    const lists = this.#candidates.filter(({ rows }) => rows.some((row) => !row.ok || isObject(row.value)));
    if (lists.length > 1) this.#refuseLists(lists);
    const [only] = lists;
    if (only !== undefined) this.#adopt(only);
    else if (this.#candidates.length > 0) {
      fail(
        `The answer holds an empty list under a name that is not known (${quoteKeys(this.#candidates.map(({ key }) => key))})`,
      );
    }
  }

  #refuseLists(lists = this.#candidates): never {
    fail(`The answer holds several lists (${quoteKeys(lists.map(({ key }) => key))}), and not which one is meant`);
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
      if (this.#list === key) fail("The answer carries its rows twice");
      if (this.#list !== null)
        fail(`The answer holds two lists (${quoteKeys([this.#list, key])}), and not which one is meant`);
      this.#list = key;
    } else {
      this.#candidate = { key, rows: [], bytes: 0 };
    }
    this.#state = "list_first";
    return i + 1;
  }

  #beginValue(purpose: Purpose, byte: number, i: number): number {
    // What cannot begin a value: `[,1]`, `[1,]`, `{"a":}`.
    if (byte === 0x2c || byte === 0x5d || byte === 0x7d || byte === 0x3a) {
      fail(`The answer is not valid JSON after ${this.count} rows (a value is missing)`);
    }
    this.#purpose = purpose;
    this.#into.begin();
    this.#scanner.begin(byte);
    return i;
  }

  #continueValue(bytes: Uint8Array, from: number): number {
    const scan = this.#scanner.scan(bytes, from);
    if (scan === "mismatch") fail(`The answer is not valid JSON: brackets do not match in row ${this.count + 1}`);
    if (scan === "too_deep") fail(`Row ${this.count + 1} of the answer is nested too deep`);
    const to = this.#scanner.position;
    if (this.#candidate !== null) this.#candidate.bytes += to - from;
    if (scan === "done") this.#valueEnded(this.#into.end(bytes.subarray(from, to)));
    else this.#into.add(bytes.subarray(from, to));
    return to;
  }

  #valueEnded(text: string): void {
    const purpose = this.#purpose;
    const { tooLarge } = this.#into;
    this.#purpose = null;
    if (purpose === "row") {
      this.#rowEnded(parseRow(text, { clear: this.#scanner.clear, too_large: tooLarge }));
      this.#state = "list_next";
    } else if (purpose === "key") {
      if (tooLarge) fail("The answer is not a list of rows (a key without end)");
      this.#key = envelopeKey(String(parsed(text)));
      this.#state = "object_colon";
    } else {
      if (tooLarge && isPaging(this.#key)) fail('The answer\'s "next" is too long');
      // `data` that is no list is a broken answer, not one without rows.
      if (this.#key === "data") fail('The answer\'s "data" is not a list');
      this.#membersBytes += text.length;
      this.#members.set(this.#key, tooLarge ? TOO_LONG : orUndefined(text));
      // What is passed over could be an error.
      if (this.#membersBytes > MAX_MEMBERS_BYTES || this.#members.size > MAX_MEMBERS)
        fail("The answer holds too much beside its rows");
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
    // So much is no remark at the edge of another list.
    if (this.#list !== null)
      fail(`The answer holds two lists (${quoteKeys([this.#list, candidate.key])}), and not which one is meant`);
    this.#adopt(candidate);
    this.#candidate = null;
  }

  get #into(): Capture {
    return this.#purpose === "row" ? this.#capture : this.#aside;
  }
}

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

function orUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Rubbish beside the rows says nothing.
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
