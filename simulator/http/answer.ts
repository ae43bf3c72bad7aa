import type { Context } from "hono";
import type { Liar } from "../lies/liar.ts";
import { type Lie, resourceOf } from "../lies/lies.ts";
import { spoil, stringNumbers } from "../lies/spoil.ts";
import type { Config } from "../options.ts";
import type { Random } from "../random.ts";
import type { Row } from "../row.ts";
import { arrayResponse } from "./body.ts";
import type { SimEnv } from "./gate.ts";

/** How old the answer to this call is, ms. */
export function ageOf(c: Context<SimEnv>): number {
  const stale = c.get("rowFaults").find((fault) => fault.kind === "stale");
  const lie = c.get("lies").find(({ target, op }) => target === "answer" && op === "stale");
  return stale === undefined ? Number(lie?.value ?? 0) : (stale.ms ?? 300_000);
}

export interface Rows<T> {
  items: readonly T[];
  render: (item: T) => Row | Row[];
  before?: string;
  after?: string;
}

export interface Answering {
  config: Config;
  /** Randomness of faults. Separate from the world's, so that a fault does not change what happens next. */
  chance: Random;
  lies: Liar;
}

/** Streams records as rows, with this call's faults and lies. */
export function answerRows<T>(c: Context<SimEnv>, { config, chance, lies }: Answering, answer: Rows<T>) {
  const faults = c.get("rowFaults");
  const toTell = c.get("lies");
  const { items, render, before, after } = toTell
    .filter(({ target }) => target === "answer")
    .reduce<Rows<T>>(wholeAnswer, answer);
  const shown = c.get("empty") ? [] : items;
  const on = resourceOf(c.req.path);
  const rows = spoil(rendered(shown, render, config.stringNumbers), faults, chance, (row) => {
    if (on !== null) lies.leftOut(on, row);
  });
  return arrayResponse({
    rows: on === null || !lies.isLying ? rows : lies.rows(on, rows, toTell),
    count: shown.length,
    cut: faults.find((fault) => fault.kind === "cutBody"),
    sever: connectionOf(c),
    asText: toTell.some(({ target, op, value }) => target === "answer" && op === "type" && value === "text"),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

/** Mutates a list as a whole; its rows are still rendered one by one. */
function wholeAnswer<T>(answer: Rows<T>, { op, value }: Lie): Rows<T> {
  const { items, before = "[", after = "]" } = answer;
  switch (op) {
    case "drop":
      return { ...answer, items: [] };
    case "null":
      return { ...answer, items: [], before: "null", after: "" };
    case "type":
      // A text is escaped while it streams. Any other type: a single row, or none, instead of a list.
      return value === "text" ? answer : { ...answer, items: items.slice(0, 1), before: "", after: "" };
    case "double":
      return { ...answer, items: [...items, ...items] };
    case "order":
      return { ...answer, items: [...items].reverse() };
    case "cut":
      return { ...answer, items: items.slice(0, Math.floor(items.length / 2)) };
    case "rekey":
      return before.startsWith("{")
        ? { ...answer, before: before.replace("data", String(value)) }
        : { ...answer, before: `{${JSON.stringify(value)}:${before}`, after: `${after}}` };
    default:
      return answer;
  }
}

/** Under Node's server the bindings contain the response. Destroying it looks like a broken connection. */
function connectionOf(c: Context): (() => void) | undefined {
  const { outgoing } = (c.env ?? {}) as { outgoing?: { destroy?: () => void } };
  return outgoing?.destroy === undefined ? undefined : () => outgoing.destroy?.();
}

function* rendered<T>(items: readonly T[], render: (item: T) => Row | Row[], asStrings: boolean): Generator<Row> {
  for (const item of items) {
    const rows = render(item);
    for (const row of Array.isArray(rows) ? rows : [rows]) yield asStrings ? (stringNumbers(row) as Row) : row;
  }
}
