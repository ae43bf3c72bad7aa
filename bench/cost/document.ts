import { number } from "../support/table.ts";
import type { Measured } from "./measure.ts";
import { METER_NAMES, PER_GB_MONTH, PER_MILLION, PER_MILLION_LOGS, PRICES_READ_ON, SOURCES } from "./prices.ts";
import { monthOf, type StoreSize } from "./stores.ts";
import { COUNTED, dollars, dollarsOf, logDollars, METERS, times } from "./usage.ts";

export interface StoreCost {
  size: StoreSize;
  measured: Measured;
}

const GB = 1_000_000_000;
const LEDGER_DAYS = 30;

/** GB that a store keeps a year after it was connected: its catalogue and history, and a year's sales with what tells of them. */
export function storedGb({ size, measured: { bytes } }: StoreCost): { d1: number; location: number } {
  return {
    d1: (bytes.d1 + 365 * size.sales_a_day * bytes.d1_a_sale) / GB,
    location: (bytes.location + LEDGER_DAYS * size.sales_a_day * bytes.location_a_sale) / GB,
  };
}

const storageDollars = (cost: StoreCost): number => {
  const { d1, location } = storedGb(cost);
  return d1 * PER_GB_MONTH.d1 + location * PER_GB_MONTH.location;
};

/** The generated part of docs/cost.md. */
export function costTables(costs: readonly StoreCost[]): string {
  return [perStore(costs), drivers(costs), units(costs), prices()].join("\n\n");
}

/** Two measures of the same work differ by less than this, %: CPU time is never the same. */
const NOISE_PERCENT = 1;
const difference = (percent: number) =>
  Math.abs(percent) < NOISE_PERCENT ? `under ${NOISE_PERCENT} %` : `${percent < 0 ? "" : "+"}${percent.toFixed(1)} %`;

const money = (amount: number) => `$${amount.toFixed(amount < 0.1 ? 4 : 2)}`;
export const markdown = (rows: readonly (readonly string[])[]) =>
  rows
    .flatMap((row, i) => [`| ${row.join(" | ")} |`, ...(i === 0 ? [`|${row.map(() => "---").join("|")}|`] : [])])
    .join("\n");

function perStore(costs: readonly StoreCost[]): string {
  const rows = costs.map((cost) => {
    const { name, products, sales_a_day } = cost.size;
    const usual = dollars(monthOf(cost.size, cost.measured.units, false));
    const watched = dollars(monthOf(cost.size, cost.measured.units, true));
    const stored = storageDollars(cost);
    const more = ((watched - usual) / (usual + stored)) * 100;
    return [
      name,
      `${products.toLocaleString("en-US")} products, ${sales_a_day.toLocaleString("en-US")} sales a day`,
      money(usual),
      money(stored),
      `**${money(usual + stored)}**`,
      difference(more),
      money(dollars(cost.measured.units.first_sync)),
    ];
  });
  const head = [
    "store",
    "is",
    "work",
    "storage after a year",
    "dollars a month",
    "watched all day",
    "first sync, once",
  ];
  return `### Dollars per store and month\n\n${markdown([head, ...rows])}`;
}

function drivers(costs: readonly StoreCost[]): string {
  const months = costs.map(({ size, measured }) => monthOf(size, measured.units, false));
  const rows = METERS.map((meter) => [METER_NAMES[meter], ...months.map((month) => money(dollarsOf(month, meter)))]);
  const parts = [
    ["sales and their webhooks", (cost: StoreCost) => only(cost, "sale")],
    ["what polls do again for them", (cost: StoreCost) => only(cost, "confirmed")],
    ["polls", (cost: StoreCost) => only(cost, "poll")],
    ["nights", (cost: StoreCost) => only(cost, "night")],
  ] as const;
  const sources = parts.map(([name, of]) => [`of which ${name}`, ...costs.map((cost) => money(of(cost)))]);
  const logs = ["beside it: the log, if every entry is kept", ...months.map((month) => money(logDollars(month)))];
  const head = ["a month, without storage", ...costs.map(({ size }) => size.name)];
  return `### What drives it\n\n${markdown([head, ...rows, ...sources, logs])}`;
}

/** The month's dollars of one kind of work. */
function only({ size, measured }: StoreCost, kind: "sale" | "confirmed" | "poll" | "night"): number {
  const nothing = times(measured.units.sale, 0);
  const units = {
    ...measured.units,
    sale: nothing,
    confirmed: nothing,
    poll: nothing,
    night: nothing,
    [kind]: measured.units[kind],
  };
  return dollars(monthOf(size, units, false));
}

const UNITS = [
  ["sale", "a sale with four webhooks"],
  ["sale_watched", "the same, watched"],
  ["confirmed", "the same, read again by the next poll"],
  ["poll", "a poll, nothing new"],
  ["night", "a night: full sync, verification, sweep"],
  ["first_sync", "first sync"],
] as const;

function units(costs: readonly StoreCost[]): string {
  const head = ["measured, each", ...COUNTED.map(([, name]) => name)];
  const rows = costs.flatMap(({ size, measured }) =>
    UNITS.map(([unit, name]) => [
      `${size.name}: ${name}`,
      ...COUNTED.map(([key]) => number(measured.units[unit][key])),
    ]),
  );
  const bytes = costs.map(({ size, measured: { bytes } }) => [
    size.name,
    `${number(bytes.d1 / 1_000_000)} MB`,
    `${number(bytes.d1_a_sale)} B`,
    `${number(bytes.location / 1_000_000)} MB`,
    `${number(bytes.location_a_sale)} B`,
  ]);
  const stored = [
    "stored",
    "D1 after the first sync",
    "D1, by each sale",
    "Location after it",
    "Location, by each sale",
  ];
  return `### What was counted\n\n${markdown([head, ...rows])}\n\n${markdown([stored, ...bytes])}`;
}

function prices(): string {
  const rows = METERS.map((meter) => [METER_NAMES[meter], `$${PER_MILLION[meter]} per million`]);
  const storage = [
    ["D1 storage", `$${PER_GB_MONTH.d1} per GB and month`],
    ["Location storage", `$${PER_GB_MONTH.location} per GB and month`],
    ["entries of the log", `$${PER_MILLION_LOGS} per million`],
  ];
  const sources = SOURCES.map((source) => `<${source}>`).join(", ");
  return `### Prices\n\nRead on ${PRICES_READ_ON} from ${sources}.\n\n${markdown([["meter", "price"], ...rows, ...storage])}`;
}
