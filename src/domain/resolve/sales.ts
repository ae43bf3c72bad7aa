import { MAX_WINDOW_SKEW_MS } from "../bounds.ts";
import { asBelieved, clockText } from "../clock.ts";
import { ownKey } from "../insights/pseudonym.ts";
import type { Change, Origin } from "../records/change.ts";
import { changeOf, type Decision, decide, differenceOf, type Outcome } from "../records/decide.ts";
import type { Difference } from "../records/drift.ts";
import type { IncomingSale } from "../records/mapping.ts";
import type { RowFailure, SaleItem } from "../records/model.ts";
import { type Counts, NO_COUNTS, type SaleRow, type SaleWithItems, saleId } from "../records/records.ts";
import { believedStamp, type Read } from "../records/version.ts";
import { contentAfter, type HashedContent, leavesOutCoupons, pickCompared, saleHash } from "./sale-content.ts";
import { believedLines, isWhole, knownLine, type Line, type StoredLine } from "./sale-lines.ts";

export interface SalesPlan {
  rows: SaleWithItems[];
  changes: Change[];
  /** Ids of the new sales: these have no entry of their own in the change log. */
  created: string[];
  counts: Counts;
  differences: Difference[];
  /** One per incoming sale, in order. */
  outcomes: Outcome[];
  /** Sales whose time or amounts cannot be true, or that came without lines. They are planned, and count as failed only. */
  failures: RowFailure[];
  /** Unchanged sales that only get their customer, after customers were switched on. */
  keyed: Pick<SaleRow, "sale_id" | "customer_key">[];
}

interface Given {
  incoming: readonly IncomingSale[];
  /** Stored sales by Dutchie transaction id. */
  stored: ReadonlyMap<string, SaleRow>;
  /** Stored lines by sale id, of the sales for which `comparesLines` is true. */
  storedLines?: ReadonlyMap<string, readonly StoredLine[]>;
  /** ReUp's product id by Dutchie's, or by the `hintKey` of a line without one. */
  productIds: ReadonlyMap<string, string>;
  /** The store's present pepper; pseudonyms of another one do not count. null: the store keeps no customers. */
  pepper_id: string | null;
  read: Read;
  floor: number;
  now: number;
  origin: Origin;
  /** Whether to say how the rows differ from what is stored, for a verification; absent: yes. */
  compares?: boolean;
}

/**
 * The plan for sales. A sale is stored under Dutchie's transaction id, and a void arrives later as a change of it. A sale
 * does not subtract stock (rule 4). A missing sale means nothing, because a read covers only a window.
 */
export function planSales(given: Given): SalesPlan {
  const current = new Map([...given.stored].map(([id, row]) => [id, asBelieved(row, given.now)]));
  const written = new Map<string, SaleWithItems>();
  const plan: SalesPlan = {
    rows: [],
    changes: [],
    created: [],
    counts: { ...NO_COUNTS },
    differences: [],
    outcomes: [],
    failures: [],
    keyed: [],
  };
  for (const incoming of given.incoming) {
    const id = incoming.dutchie_transaction_id;
    const sale_id = saleId(id);
    const stored = current.get(id);
    const known = written.get(sale_id)?.items ?? given.storedLines?.get(sale_id) ?? [];
    const { lines, missing } = believedLines(incoming, stored, known);
    const content = contentAfter(incoming, stored, lines);
    const reason = missing ?? incoming.unreadable ?? whyNotYet(content, given.now);
    const decision = decideSale(incoming, { stored, content }, given);
    plan.outcomes.push(decision.outcome);
    const isCounted = reason === null || decision.outcome === "stale";
    if (isCounted) plan.counts[decision.outcome] += 1;
    else plan.failures.push({ resource: "sales", dutchie_id: id, reason });
    if (given.compares !== false && isCounted) {
      const difference = differenceOf({ resource: "sales", record_id: sale_id }, decision, {
        modified_at: incoming.modified_at,
        is_missing: stored === undefined,
        known_at: stored?.source_at ?? null,
        now: given.now,
      });
      if (difference !== null) plan.differences.push(difference);
    }
    const customer_key = customerOf(incoming, stored, given.pepper_id);
    if (!decision.write) {
      const isOlder = stored === undefined || decision.version.source_at < stored.source_at;
      if (decision.outcome !== "unchanged" || isOlder || customer_key === stored.customer_key) continue;
      current.set(id, { ...stored, customer_key });
      plan.keyed.push({ sale_id, customer_key });
      continue;
    }
    const updated_at = decision.outcome === "unchanged" ? (stored?.updated_at ?? given.now) : given.now;
    const { source_at, source_rank, content_hash } = decision.version;
    const sale: SaleRow = {
      ...content,
      sale_id,
      dutchie_transaction_id: id,
      source_at,
      source_rank,
      content_hash,
      customer_key,
      updated_at,
    };
    const items = lines && withProducts(lines, { incoming, known, productIds: given.productIds });
    current.set(id, sale);
    // If this row has no lines, those of an earlier row in this plan are still written.
    written.set(sale_id, { sale, items: items ?? written.get(sale_id)?.items ?? null });
    // A new sale is only named in the log. Its entries are later changes, such as a void.
    if (decision.outcome === "created") plan.created.push(sale_id);
    if (decision.outcome !== "updated") continue;
    const record = { resource: "sales" as const, record_id: sale_id, fields: decision.fields };
    plan.changes.push(changeOf(record, decision.version, given.origin, given.now));
  }
  plan.rows = [...written.values()];
  return plan;
}

/**
 * Why a sale of the future is listed as failed; null: it is none. It is stored as Dutchie states it, for a missing sale is worse, but
 * no day up to today counts it.
 */
const whyNotYet = ({ completed_at }: HashedContent, now: number): string | null =>
  completed_at <= now + MAX_WINDOW_SKEW_MS
    ? null
    : `its time is ${clockText(completed_at - now)} of now, so it counts in no day's sales; have the register's clock checked`;

function decideSale(
  incoming: IncomingSale,
  { stored, content }: { stored: SaleRow | undefined; content: HashedContent },
  { read, floor, now }: Given,
): Decision {
  const { modified_at } = incoming;
  const before = stored && pickCompared(stored);
  const hash = saleHash(content);
  return decide({ read: readOf(incoming, read, now), floor, now, stored: before, content, hash, modified_at });
}

/** The lines with ReUp's products. A line that names none keeps the one of the stored line with its id. */
function withProducts(
  lines: readonly Line[],
  given: { incoming: IncomingSale; known: readonly StoredLine[]; productIds: ReadonlyMap<string, string> },
): SaleItem[] {
  const { incoming, known, productIds } = given;
  const { meant } = incoming;
  // A stored line can say something only of a line without a product.
  const unnamed = new Set<string>();
  if (known.length > 0)
    for (const line of incoming.items ?? []) if (line.dutchie_product_id === undefined) unnamed.add(line.line_id);
  return lines.map((line) => {
    const { line_id, dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned, is_coupon } =
      line;
    // Its own key: a line's id may be any text, even "constructor".
    const said = dutchie_product_id ?? (Object.hasOwn(meant, line_id) ? meant[line_id] : undefined) ?? "";
    const kept = unnamed.has(line_id) ? knownLine(line_id, known)?.product_id : null;
    const product_id = productIds.get(said) ?? kept ?? null;
    // Field by field: a spread takes ten times as long.
    return {
      line_id,
      product_id,
      dutchie_product_id,
      quantity,
      unit_price,
      unit_cost,
      discount,
      total,
      is_returned,
      is_coupon,
    };
  });
}

/**
 * No floor covers sales, so a read counts as a snapshot only for a sale without a stamp: equal content writes no version then.
 * Anything that could come late for the sale is older than its first read. Otherwise it would be written again with every read of
 * its window.
 */
const readOf = ({ modified_at }: IncomingSale, read: Read, now: number): Read =>
  read.kind === "snapshot" ? { ...read, complete: believedStamp(modified_at, now) === null } : read;

/** Whether the stored lines are needed: fewer lines came, or one of them leaves a field out. */
export function comparesLines({ items }: IncomingSale, stored: SaleRow | undefined): boolean {
  return (
    stored !== undefined &&
    items !== null &&
    (items.length < stored.item_count || !items.every(isWhole) || leavesOutCoupons(items, stored))
  );
}

/** The row's customer, unless it was mapped before the store's pepper changed; else the stored one. */
function customerOf(incoming: IncomingSale, stored: SaleRow | undefined, pepper_id: string | null): string | null {
  const stated = incoming.customer_key;
  if (stated === null) return null;
  return ownKey(stated ?? null, pepper_id) ?? ownKey(stored?.customer_key ?? null, pepper_id);
}
