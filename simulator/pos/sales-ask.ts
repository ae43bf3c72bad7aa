import { parseUtc } from "../time.ts";

const MAX_WINDOW = 60 * 86_400_000;

export interface SalesAsk {
  detail: boolean;
  by: { kind: "id"; id: number } | { kind: "modified" | "date"; from: number; to: number };
}

interface Complaint {
  propertyName: string;
  errorMessage: string;
}

const PAIRS = [
  ["modified", "fromlastmodifieddateutc", "tolastmodifieddateutc"],
  ["date", "fromdateutc", "todateutc"],
] as const;

/** Which sales are asked for: by id, by change or by date; exactly one of them, and the last two in pairs. */
export function askForSales(query: Record<string, string>): SalesAsk | { errors: Complaint[] } {
  const asked = new Map(Object.entries(query).map(([key, value]) => [key.toLowerCase(), value]));
  const detail = asked.get("includedetail")?.toLowerCase() === "true";
  const id = asked.get("transactionid");
  const pairs = PAIRS.filter(([, from, to]) => asked.has(from) || asked.has(to));
  const pair = pairs[0];
  if (pairs.length + (id === undefined ? 0 : 1) !== 1) {
    return complain("", "Give either TransactionId, or a range of dates, or a range of modified dates.");
  }
  if (id !== undefined) return { detail, by: { kind: "id", id: Number(id) } };
  if (pair === undefined) return complain("", "Nothing was asked for.");
  const [kind, fromName, toName] = pair;
  const from = parseUtc(asked.get(fromName) ?? "");
  const to = parseUtc(asked.get(toName) ?? "");
  if (from === null) return complain(fromName, "Start of the range is missing or not a date.");
  if (to === null) return complain(toName, "End of the range is missing or not a date.");
  if (to < from) return complain(toName, "The range ends before it starts.");
  if (to - from > MAX_WINDOW) return complain(toName, "The range is longer than 60 days.");
  return { detail, by: { kind, from, to } };
}

function complain(propertyName: string, errorMessage: string): { errors: Complaint[] } {
  return { errors: [{ propertyName, errorMessage }] };
}
