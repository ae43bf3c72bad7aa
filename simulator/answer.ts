import type { Context } from "hono";
import { arrayResponse } from "./body.ts";
import type { SimEnv } from "./gate.ts";
import type { Config } from "./options.ts";
import type { Random } from "./random.ts";
import type { Row } from "./render-pos.ts";
import { spoil, stringNumbers } from "./spoil.ts";

/** How old the answer to this call has to be. */
export function ageOf(c: Context<SimEnv>): number {
  const stale = c.get("rowFaults").find((fault) => fault.kind === "stale");
  return stale === undefined ? 0 : (stale.ms ?? 300_000);
}

export interface Rows<T> {
  items: readonly T[];
  render: (item: T) => Row | Row[];
  before?: string;
  after?: string;
}

/** Streams records as rows, spoilt by the faults this call has met. */
export function answerRows<T>(
  c: Context<SimEnv>,
  config: Config,
  random: Random,
  { items, render, before, after }: Rows<T>,
) {
  const faults = c.get("rowFaults");
  const shown = c.get("empty") ? [] : items;
  return arrayResponse({
    rows: spoil(rendered(shown, render, config.stringNumbers), faults, random),
    count: shown.length,
    cut: faults.find((fault) => fault.kind === "cutBody"),
    sever: connectionOf(c),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

/** Under Node's server the bindings hold the answer being written; destroying it is what a broken line looks like. */
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
