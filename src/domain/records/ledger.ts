import { round4 } from "../values/number.ts";
import type { Origin } from "./change.ts";

/** A change of the quantity of a package in a room. `before` null: it was not known before. Times in ms. */
export interface QuantityChange extends Origin {
  change_id: string;
  at: number;
  package: string;
  before: number | null;
  after: number;
}

/** What a sale took of the product. */
export interface SoldLine {
  sale_id: string;
  label: string;
  completed_at: number;
  quantity: number;
}

export const LEDGER_REASONS = ["first_seen", "received", "sale", "moved", "sold_out", "adjusted"] as const;
type Reason = (typeof LEDGER_REASONS)[number];

interface LedgerRef {
  kind: "sale" | "event" | "run" | "review";
  id: string;
  label: string;
}

export type LedgerEntry<C extends QuantityChange> = C & {
  change: number;
  /** Of the product, after the change. */
  balance: number;
  reason: Reason;
  ref_to: LedgerRef | null;
};

/** A sale may be in Dutchie's answer before its stock is: answers lag by up to five minutes, and polls come every fifteen. */
const SALE_LAG_MS = 15 * 60_000;

/**
 * Why a product's quantity is what it is, newest first. `balance`: the product's quantity after the first of the changes.
 * Quantities are Dutchie's (rule 4): a sale explains a change only if what was sold since the change before adds up to it.
 * `newer`, `older`: the changes around these, or a page's border would change the reasons beside it.
 */
export function ledgerOf<C extends QuantityChange>(
  changes: readonly C[],
  given: { balance: number; sold: readonly SoldLine[]; newer?: readonly C[]; older?: readonly C[] },
): LedgerEntry<C>[] {
  const { balance, sold, newer = [], older = [] } = given;
  const all = [...newer, ...changes, ...older];
  const sales = salesOf(all, sold);
  const moved = movedIn(all);
  let left = balance;
  return changes.map((change) => {
    const by = amount(change);
    const now = left;
    left = round4(left - by);
    const sale = sales.get(change.change_id) ?? null;
    const reason = moved.has(change.change_id) ? "moved" : sale !== null ? "sale" : reasonOf(change);
    return { ...change, change: by, balance: now, reason, ref_to: reason === "sale" ? sale : refOf(change) };
  });
}

export const amount = ({ before, after }: Pick<QuantityChange, "before" | "after">): number =>
  round4(after - (before ?? 0));

function reasonOf({ before, after, cause }: QuantityChange): Reason {
  if (before === null && cause === "initial") return "first_seen";
  if (after > (before ?? 0)) return (before ?? 0) === 0 ? "received" : "adjusted";
  return after === 0 ? "sold_out" : "adjusted";
}

/** A package that loses in one room and gains in another at once has moved. */
function movedIn(changes: readonly QuantityChange[]): ReadonlySet<string> {
  const together = Map.groupBy(changes, (change) => `${change.at} ${change.ref} ${change.package}`);
  return new Set(
    [...together.values()]
      .filter((group) => group.some((each) => amount(each) > 0) && group.some((each) => amount(each) < 0))
      .flatMap((group) => group.map(({ change_id }) => change_id)),
  );
}

/** Which sale explains which change: each line explains one. From the oldest change on. */
function salesOf(changes: readonly QuantityChange[], sold: readonly SoldLine[]): Map<string, LedgerRef> {
  const explained = new Map<string, LedgerRef>();
  let open = [...sold].sort((a, b) => a.completed_at - b.completed_at);
  let before = Number.NEGATIVE_INFINITY;
  for (const change of [...changes].reverse()) {
    const taken = -amount(change);
    const since = before - SALE_LAG_MS;
    before = change.at;
    if (taken <= 0) continue;
    const recent = open.filter(({ completed_at }) => completed_at > since && completed_at <= change.at);
    const lines = explaining(recent, taken);
    const last = lines.at(-1);
    if (last === undefined) continue;
    open = open.filter((each) => !lines.includes(each));
    const count = new Set(lines.map(({ sale_id }) => sale_id)).size;
    const label = count === 1 ? last.label : `${count} sales, the last is ${last.label}`;
    explained.set(change.change_id, { kind: "sale", id: last.sale_id, label });
  }
  return explained;
}

/** All of the lines, or one of them, whose quantities add up to what was taken. */
function explaining(lines: readonly SoldLine[], taken: number): SoldLine[] {
  if (lines.length > 0 && round4(lines.reduce((sum, { quantity }) => sum + quantity, 0)) === taken) return [...lines];
  const one = lines.find(({ quantity }) => round4(quantity) === taken);
  return one === undefined ? [] : [one];
}

function refOf({ cause, ref }: Origin): LedgerRef | null {
  if (ref === null) return null;
  if (cause === "webhook") return { kind: "event", id: ref, label: "Webhook" };
  if (cause === "user" || cause === "merge") return { kind: "review", id: ref, label: "Decision" };
  return { kind: "run", id: ref, label: cause === "initial" ? "First sync" : "Sync" };
}
