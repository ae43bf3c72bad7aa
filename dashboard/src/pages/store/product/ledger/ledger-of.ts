import type { Change, ProductDetail, Sale } from "../../../../../../src/client/index.ts";

/** Why a quantity changed, by how much, and what was left. */
export interface LedgerEntry {
  key: string;
  at: string;
  package_id: string | null;
  room: string | null;
  change: number;
  /** Of all packages, after the change; null: not known any more, for products were joined later. */
  balance: number | null;
  reason: "sale" | "received" | "adjusted" | "moved" | "sold_out" | "first_seen" | "merged";
  /** What made it. */
  ref: { kind: "sale" | "webhook" | "sync" | "review"; id: string; label: string } | null;
}

/** ms; a poll comes every 15 minutes, so a sale may show in the stock that much later. */
const SALE_SHOWS_WITHIN_MS = 20 * 60_000;

/** One package in one room, before and after. */
interface Step {
  change: Change;
  delta: number;
  isNew: boolean;
  isEmpty: boolean;
  isRelinked: boolean;
}

/** How a product's quantity came to be, newest first, from the log of its packages and the sales of the time. */
export function ledgerOf(
  changes: readonly Change[],
  { product_id, quantity }: Pick<ProductDetail, "product_id" | "quantity">,
  sales: readonly Sale[],
): LedgerEntry[] {
  const sold = soldOf(product_id, sales);
  let balance: number | null = quantity;
  return movesOf(changes.flatMap(stepOf)).map(({ step, moved }) => {
    const entry = { ...entryOf(step, moved, sold), balance };
    if (step.isRelinked) balance = null;
    else if (balance !== null) balance = rounded(balance - entry.change);
    return entry;
  });
}

function stepOf(change: Change): Step[] {
  const { quantity, product_id } = change.fields;
  if (change.resource !== "inventory" || (quantity === undefined && product_id === undefined)) return [];
  const before = numberOf(quantity?.before);
  const after = numberOf(quantity?.after);
  const isNew = quantity !== undefined && typeof quantity.before !== "number";
  return [
    {
      change,
      delta: rounded(after - before),
      isNew,
      isEmpty: quantity !== undefined && after === 0,
      isRelinked: !isNew && product_id !== undefined,
    },
  ];
}

/** A move is two steps of one package at once: out of one room, into another. It is shown as one. */
function movesOf(steps: readonly Step[]): { step: Step; moved: boolean }[] {
  const out = new Set<Step>();
  const into = new Set<Step>();
  for (const step of steps.filter(({ delta }) => delta > 0)) {
    const from = steps.find((other) => other.delta === -step.delta && !out.has(other) && isSameMoment(other, step));
    if (from === undefined) continue;
    out.add(from);
    into.add(step);
  }
  return steps.filter((step) => !out.has(step)).map((step) => ({ step, moved: into.has(step) }));
}

const isSameMoment = ({ change: a }: Step, { change: b }: Step): boolean =>
  a.ref === b.ref && a.at === b.at && a.subject?.package_id === b.subject?.package_id;

function entryOf({ change, delta, ...step }: Step, moved: boolean, sold: Sold[]): Omit<LedgerEntry, "balance"> {
  const { change_id, at, subject, cause } = change;
  const entry = {
    key: change_id,
    at,
    package_id: subject?.package_id ?? null,
    room: subject?.room_name ?? null,
    change: moved ? 0 : delta,
    ref: refOf(change),
  };
  if (moved) return { ...entry, reason: "moved" };
  if (step.isRelinked) return { ...entry, reason: "merged" };
  if (step.isNew) return { ...entry, reason: cause === "initial" ? "first_seen" : "received" };
  const sale = delta < 0 ? takeSale(sold, -delta, Date.parse(at)) : undefined;
  if (sale !== undefined) {
    const ref = { kind: "sale" as const, id: sale.sale_id, label: sale.number };
    return { ...entry, reason: "sale", ref };
  }
  return { ...entry, reason: step.isEmpty ? "sold_out" : "adjusted" };
}

function refOf({ cause, ref }: Change): LedgerEntry["ref"] {
  if (ref === null) return null;
  if (cause === "webhook") return { kind: "webhook", id: ref, label: ref };
  if (cause === "merge") return { kind: "review", id: ref, label: ref };
  return cause === "poll" || cause === "initial" ? { kind: "sync", id: ref, label: ref } : null;
}

interface Sold {
  sale_id: string;
  number: string;
  at: number;
  quantity: number;
}

function soldOf(product_id: string, sales: readonly Sale[]): Sold[] {
  return sales
    .filter(({ is_void, is_return }) => !is_void && !is_return)
    .flatMap(({ sale_id, dutchie_transaction_id, completed_at, items }) =>
      items
        .filter((item) => item.product_id === product_id)
        .map(({ quantity }) => ({
          sale_id,
          number: dutchie_transaction_id,
          at: Date.parse(completed_at),
          quantity: rounded(quantity),
        })),
    );
}

/** The nearest sale of so much at that time. It explains one change only. */
function takeSale(sold: Sold[], quantity: number, at: number): Sold | undefined {
  const distance = (sale: Sold) => Math.abs(sale.at - at);
  const [nearest] = sold
    .filter((sale) => sale.quantity === quantity && distance(sale) <= SALE_SHOWS_WITHIN_MS)
    .sort((a, b) => distance(a) - distance(b));
  if (nearest !== undefined) sold.splice(sold.indexOf(nearest), 1);
  return nearest;
}

const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);

/** Sums of grams in binary leave tails. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
