import type { Random } from "../random.ts";
import type { Row } from "../row.ts";
import type { ActiveFault } from "./faults.ts";

/** The values of an undecodable row, under either profile's names. */
const POISON: Row = { quantityAvailable: "abc", quantity: "abc", productId: null, transactionId: null, id: null };

/** Fields that may be null without changing what the row states. */
const HARMLESS = ["lastModifiedDateUTC", "lastModifiedDateUtc", "updatedAt", "description", "imageUrl"];

/** The rows after the faults. Lazy: a spoilt answer streams like a good one. */
export function* spoil(
  rows: Iterable<Row>,
  faults: readonly ActiveFault[],
  random: Random,
  leftOut: (row: Row) => void,
): Generator<Row> {
  let index = -1;
  for (const row of rows) {
    index++;
    const out = faults.reduce<Row | null>((each, fault) => each && spoilOne(each, index, fault, random), row);
    if (out === null) leftOut(row);
    else yield out;
  }
}

function spoilOne(row: Row, index: number, fault: ActiveFault, random: Random): Row | null {
  switch (fault.kind) {
    case "poison":
      return index % (fault.every ?? 500) === 0 ? poisoned(row, fault.fields) : row;
    case "missingRows":
      return random.chance(fault.share ?? 0.1) ? null : row;
    case "unknownFields":
      return { ...row, futureField: { version: 2, tags: ["new"] }, anotherNewFlag: true };
    case "missingFields":
      return without(row, fault.fields ?? HARMLESS);
    case "nulls":
      return random.chance(fault.share ?? 0.2) ? overwrite(row, fault.fields ?? HARMLESS, () => null) : row;
    case "stringNumbers":
      return stringNumbers(row) as Row;
    default:
      return row;
  }
}

function poisoned(row: Row, fields: string[] | undefined): Row {
  return overwrite(row, fields ?? Object.keys(POISON), (field) => (field in POISON ? POISON[field] : "abc"));
}

function overwrite(row: Row, fields: readonly string[], value: (field: string) => unknown): Row {
  const out = { ...row };
  for (const field of fields) if (field in out) out[field] = value(field);
  return out;
}

function without(row: Row, fields: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !fields.includes(key)));
}

/** Every number as a string, however deep. */
export function stringNumbers(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return value.map(stringNumbers);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, stringNumbers(each)]));
}
