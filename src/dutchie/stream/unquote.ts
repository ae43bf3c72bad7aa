import { fail } from "./parse-row.ts";
import { isSpace } from "./scanner.ts";

const BOM = [0xef, 0xbb, 0xbf];
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const REPLACEMENT = 0xfffd;
/** The character after a backslash → its meaning. */
const ESCAPES = new Map(
  Object.entries({ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }).map(
    ([written, meant]) => [written.charCodeAt(0), meant.charCodeAt(0)],
  ),
);

/**
 * Unwraps a body that was put into a JSON string (`"[{\"id\":1}]"`, seen live), while it streams. Only once: a string
 * within the string is no list. Any other body passes unchanged, without its byte order mark.
 */
export class Unquoter {
  #state: "start" | "plain" | "inside" | "escape" | "unicode" | "after" = "start";
  #bytesOfBom = 0;
  #digits = "";
  /** The first half of a surrogate pair, waiting for the second. */
  #high = 0;
  #out: number[] = [];

  push(bytes: Uint8Array): Uint8Array {
    if (this.#state === "plain") return bytes;
    let i = 0;
    if (this.#state === "start") {
      while (i < bytes.length && (isSpace(bytes[i]) || this.#isBom(bytes[i]))) i++;
      if (i === bytes.length) return new Uint8Array();
      if (bytes[i] !== QUOTE) {
        this.#state = "plain";
        return bytes.subarray(i);
      }
      this.#state = "inside";
      i++;
    }
    for (; i < bytes.length; i++) this.#read(bytes[i] ?? 0);
    const out = Uint8Array.from(this.#out);
    this.#out = [];
    return out;
  }

  end(): void {
    if (this.#state === "inside" || this.#state === "escape" || this.#state === "unicode")
      fail("The answer was cut off inside the text that contains it");
  }

  #isBom(byte: number | undefined): boolean {
    if (byte !== BOM[this.#bytesOfBom]) return false;
    this.#bytesOfBom++;
    return true;
  }

  #read(byte: number): void {
    switch (this.#state) {
      case "escape":
        this.#escaped(byte);
        return;
      case "unicode":
        this.#digits += String.fromCharCode(byte);
        if (this.#digits.length === 4) this.#codeUnit(this.#digits);
        return;
      case "after":
        if (!isSpace(byte)) fail("The answer continues after its end");
        return;
      default:
        if (byte === BACKSLASH) this.#state = "escape";
        else if (byte === QUOTE) {
          this.#lone();
          this.#state = "after";
        } else {
          this.#lone();
          this.#out.push(byte);
        }
    }
  }

  #escaped(byte: number): void {
    if (byte === LETTER_U) {
      this.#state = "unicode";
      this.#digits = "";
      return;
    }
    const meant = ESCAPES.get(byte);
    if (meant === undefined) fail("The answer is not valid JSON (an escape that does not exist)");
    this.#lone();
    this.#out.push(meant);
    this.#state = "inside";
  }

  #codeUnit(digits: string): void {
    if (!/^[\da-f]{4}$/i.test(digits)) fail("The answer is not valid JSON (an escape that does not exist)");
    const unit = Number.parseInt(digits, 16);
    this.#state = "inside";
    const isLow = unit >= 0xdc00 && unit < 0xe000;
    if (this.#high !== 0 && isLow) {
      this.#write(0x10000 + ((this.#high - 0xd800) << 10) + (unit - 0xdc00));
      this.#high = 0;
      return;
    }
    this.#lone();
    if (unit >= 0xd800 && unit < 0xdc00) this.#high = unit;
    else this.#write(isLow ? REPLACEMENT : unit);
  }

  /** Replaces the first half of a surrogate pair if the second does not follow. */
  #lone(): void {
    if (this.#high !== 0) this.#write(REPLACEMENT);
    this.#high = 0;
  }

  #write(codePoint: number): void {
    this.#out.push(...new TextEncoder().encode(String.fromCodePoint(codePoint)));
  }
}
