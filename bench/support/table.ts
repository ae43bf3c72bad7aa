import { isMet, type Measure, type Target } from "../figure.ts";

const COLUMNS = ["figure", "value", "beside", "ratio", "target", "met"] as const;

/** The measures as a table of Markdown, which is readable in a terminal too. */
export function table(measures: readonly Measure[]): string {
  const rows = [COLUMNS, ...measures.map(rowOf)];
  const widths = COLUMNS.map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = "", ...body] = rows.map(line);
  return [head, `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body].join("\n");
}

function rowOf(measure: Measure): string[] {
  const { figure, value, unit, beside, target } = measure;
  const met = isMet(measure);
  return [
    figure,
    `${number(value)} ${unit}`,
    beside === undefined ? "" : `${beside.name}: ${number(beside.value)}`,
    beside === undefined ? "" : `${number(beside.ratio)} ×`,
    target === undefined ? "" : targetText(target, unit),
    met === null ? "" : met ? "yes" : "no",
  ];
}

const targetText = ({ of, at, number: bound }: Target, unit: string): string =>
  `${at === "least" ? "≥" : "≤"} ${number(bound)} ${of === "ratio" ? "×" : unit}`;

/** Three significant digits, thousands apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}
