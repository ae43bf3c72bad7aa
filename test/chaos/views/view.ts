import type { Random } from "../../../simulator/random.ts";
import type { Client } from "../../../src/client/index.ts";

export type Row = Record<string, unknown>;

/** A store as those see it who call the API, and what they find that does not agree. */
export class View {
  readonly wrong: string[] = [];

  constructor(
    private readonly client: Client,
    readonly location_id: string,
    readonly random: Random,
  ) {}

  /** An answer; of a path that does not begin with `/v1`, of the store. */
  async get<T = Row>(path: string): Promise<T> {
    const response = await this.client.request(this.whole(path));
    return (await response.json()) as T;
  }

  /** The answer's JSON, if it has one. */
  async send(method: string, path: string, body: object): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const response = await this.client.request(this.whole(path), { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    return text === "" ? null : JSON.parse(text);
  }

  /** A list by its cursors. */
  async all(path: string, limit = 500): Promise<Row[]> {
    const rows: Row[] = [];
    for (let cursor: string | null = null; ; ) {
      const query: string = `limit=${limit}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { data: Row[]; next_cursor: string | null } = await this.get(withQuery(path, query));
      if (page.data.length > limit) this.wrong.push(`${path}: a page of ${limit} has ${page.data.length} rows`);
      rows.push(...page.data);
      if (page.next_cursor === null) return rows;
      // Of a day's stock a page may be short, because it leaves out what was not there.
      if (page.data.length === 0 && !path.startsWith("/v1/inventory/snapshot"))
        this.wrong.push(`${path}: an empty page has a next one`);
      cursor = page.next_cursor;
    }
  }

  /** A list by the numbers of its pages, with the total that each states. */
  async numbered(path: string, limit: number): Promise<{ rows: Row[]; totals: number[] }> {
    const [rows, totals]: [Row[], number[]] = [[], []];
    for (let page = 1; ; page++) {
      const answer = await this.get<{ data: Row[]; pagination: { total: number } }>(
        withQuery(path, `limit=${limit}&page=${page}`),
      );
      rows.push(...answer.data);
      totals.push(answer.pagination.total);
      if (answer.data.length < limit) return { rows, totals };
    }
  }

  /** A list as CSV: the header's names, and each line's cells as text. */
  async csv(path: string): Promise<{ columns: string[]; lines: string[][] }> {
    const response = await this.client.request(this.whole(path), { headers: { accept: "text/csv" } });
    const [columns = [], ...lines] = cellsOf(await response.text());
    return { columns, lines };
  }

  /** Two views of one thing. */
  same(what: string, one: unknown, other: unknown): void {
    const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
    if (a !== b) this.wrong.push(`${what}: ${differing(a ?? "", b ?? "")}`);
  }

  /** Two amounts, which may differ by what rounding leaves. */
  near(what: string, one: unknown, other: number, by = 1e-6): void {
    if (typeof one !== "number" || Math.abs(one - other) > by) this.wrong.push(`${what}: ${one}, and ${other}`);
  }

  private whole(path: string): string {
    return path.startsWith("/v1/") ? path : `/v1/locations/${this.location_id}${path}`;
  }
}

const withQuery = (path: string, query: string) => `${path}${path.includes("?") ? "&" : "?"}${query}`;

/** The first place where two texts differ, with what is around it. */
function differing(a: string, b: string): string {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const from = Math.max(0, at - 120);
  return `${a.slice(from, at + 200)}  ≠  ${b.slice(from, at + 200)}`;
}

/** CSV by RFC 4180. */
function cellsOf(text: string): string[][] {
  const lines: string[][] = [];
  let [line, cell, quoted] = [[] as string[], "", false];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (quoted && sign === '"' && text[at + 1] === '"') [cell, at] = [`${cell}"`, at + 1];
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && sign === ",") [line, cell] = [[...line, cell], ""];
    else if (!quoted && sign === "\n") {
      lines.push([...line, cell.replace(/\r$/, "")]);
      [line, cell] = [[], ""];
    } else cell += sign;
  }
  return lines;
}

/** Grams and cents that were added up: without the tail that binary leaves. */
export const sum = (values: readonly number[]): number => {
  const all = values.reduce((so_far, value) => so_far + value, 0);
  return Math.round(all * 1e6) / 1e6;
};

export const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
