import { pieces } from "../../domain/values/pieces.ts";

/** What one attempt has read of an answer, from the page `from` (null: the first) until the page `to`. Without line feeds. */
export interface CollectedPart {
  from: string | null;
  to: string;
  text: string;
  /** The text's place in the part, if it comes in several. */
  place: number;
}

/** Characters of a row: in UTF-8 less than the platform's 2 MB. */
const MAX_ROW_CHARS = 500_000;

/**
 * The Location's table of an answer that must be read whole, and whose read broke off. A part says where it begins and ends, so that
 * one that is read again replaces the earlier one: counted twice, it would double quantities.
 */
export class CollectedTable {
  /** Hardly any read breaks off; false also when it is not known. */
  private isEmpty = false;

  constructor(private readonly sql: SqlStorage) {}

  add(attempt: number, { from, to, text, place }: CollectedPart): void {
    let n = place * 1_000;
    for (const piece of pieces(text, MAX_ROW_CHARS)) {
      this.sql.exec(
        "insert or replace into collected (attempt, n, from_page, to_page, text) values (?, ?, ?, ?, ?)",
        attempt,
        n++,
        from,
        to,
        piece,
      );
    }
    this.isEmpty = false;
  }

  /** The parts until this page, in their order, a line each; null: one is missing. */
  until(page: string): string | null {
    const parts = new Map<string | null, { attempt: number; to_page: string; text: string }>();
    const rows = this.sql.exec<{ attempt: number; from_page: string | null; to_page: string; text: string }>(
      "select attempt, from_page, to_page, text from collected order by attempt, n",
    );
    for (const { from_page, ...row } of rows) {
      const known = parts.get(from_page);
      parts.set(from_page, known?.attempt === row.attempt ? { ...row, text: known.text + row.text } : row);
    }
    const texts: string[] = [];
    for (let at: string | null = null; at !== page; ) {
      const part = parts.get(at);
      if (part === undefined || texts.length >= parts.size) return null;
      texts.push(part.text);
      at = part.to_page;
    }
    return texts.join("\n");
  }

  /** A read begins, or is over. */
  clear(): void {
    if (!this.isEmpty) this.sql.exec("delete from collected");
    this.isEmpty = true;
  }
}
