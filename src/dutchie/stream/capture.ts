import { KEPT_OF_A_BAD_ROW } from "./parse-row.ts";

/** Collects the bytes of one value across chunks. Of a value over the bound it keeps only the head, so memory stays flat. */
export class Capture {
  // Not fatal, like `response.json()`: a bad byte in a name must not hide the row's quantity. ignoreBOM: inside a body it is data.
  #decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });
  #parts: Uint8Array[] = [];
  #size = 0;
  readonly max: number;

  constructor(max: number) {
    this.max = max;
  }

  get tooLarge(): boolean {
    return this.#size > this.max;
  }

  begin(): void {
    this.#parts = [];
    this.#size = 0;
  }

  /** A piece that does not end the value. Copied, because the sender may reuse the chunk. */
  add(piece: Uint8Array): void {
    const wasTooLarge = this.tooLarge;
    this.#size += piece.length;
    if (wasTooLarge) return;
    this.#parts.push(piece.slice());
    if (this.tooLarge) this.#parts = [join(this.#parts).slice(0, KEPT_OF_A_BAD_ROW)];
  }

  /** Whether the value began in an earlier chunk. */
  get isContinued(): boolean {
    return this.#size > 0;
  }

  /** Adds the last piece. Returns the value's text, or its head if it is too large. */
  end(piece: Uint8Array): string {
    this.#size += piece.length;
    // Usually a value lies within one chunk: then nothing is copied.
    const whole = this.#parts.length === 0 ? piece : join([...this.#parts, piece]);
    this.#parts = [];
    return this.#decoder.decode(this.tooLarge ? whole.subarray(0, KEPT_OF_A_BAD_ROW) : whole);
  }
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
