import { asBelieved } from "../clock.ts";
import { ownKey } from "../insights/pseudonym.ts";
import type { Change, Origin } from "../records/change.ts";
import { changeOf, decide, differenceOf, type Outcome } from "../records/decide.ts";
import type { Difference } from "../records/drift.ts";
import type { IncomingSale, StatedLine } from "../records/mapping.ts";
import type { RowFailure, SaleContent } from "../records/model.ts";
import { type Counts, NO_COUNTS, type SaleRow, type SaleWithItems, saleId } from "../records/records.ts";
import { believedStamp, type Read, stateHash } from "../records/version.ts";
import { quickHash } from "../values/quick-hash.ts";
import { believedLines, knownLine, type Line, type StoredLine } from "./sale-lines.ts";

export interface SalesPlan {
  rows: SaleWithItems[];
  changes: Change[];
  /** Ids of the new sales: these have no entry of their own in the change log. */
  created: string[];
  counts: Counts;
  differences: Difference[];
  /** One per incoming sale, in order. */
  outcomes: Outcome[];
  /** Sales that came without the lines that they should have. The rest of the sale is planned; it counts as failed only. */
  failures: RowFailure[];
  /** Unchanged sales that only get their customer, after customers were switched on. */
  keyed: Pick<SaleRow, "sale_id" | "customer_key">[];
}

const EMPTY: Omit<SaleContent, "completed_at" | "type"> = {
  subtotal: null,
  discount: null,
  tax: null,
  total: null,
  is_void: false,
  is_return: false,
  return_of: null,
  item_count: 0,
};

/**
 * The plan for sales. A sale is stored under Dutchie's transaction id, and a void arrives later as a change of it. A sale
 * does not subtract stock (rule 4). A missing sale means nothing, because a read covers only a window.
 */
export function planSales(given: {
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
}): SalesPlan {
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
    const stored = current.get(id);
    const known = written.get(saleId(id))?.items ?? given.storedLines?.get(saleId(id)) ?? [];
    const { lines, missing } = believedLines(incoming, stored, known);
    const content = {
      ...(stored === undefined ? { ...EMPTY, completed_at: 0, type: "retail" } : pickContent(stored)),
      ...incoming.content,
      ...(lines === null ? { item_count: stored?.item_count ?? 0 } : {}),
      items_hash: lines === null ? (stored?.items_hash ?? "") : itemsHash(lines),
    };
    const before = stored && { ...pickContent(stored), items_hash: stored.items_hash, ...pickVersion(stored) };
    const { floor, now } = given;
    const hash = saleHash(content);
    const read = readOf(incoming, given.read, now);
    const decision = decide({ read, floor, now, stored: before, content, hash, modified_at: incoming.modified_at });
    plan.outcomes.push(decision.outcome);
    const isCounted = missing === null || decision.outcome === "stale";
    if (isCounted) plan.counts[decision.outcome] += 1;
    else plan.failures.push({ resource: "sales", dutchie_id: id, reason: missing });
    const sale_id = saleId(id);
    if (given.compares !== false && isCounted) {
      const difference = differenceOf({ resource: "sales", record_id: sale_id }, decision, {
        modified_at: incoming.modified_at,
        is_missing: stored === undefined,
        known_at: stored?.source_at ?? null,
        now,
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
    const sale: SaleRow = {
      sale_id,
      dutchie_transaction_id: id,
      ...content,
      ...decision.version,
      customer_key,
      updated_at,
    };
    // A Map, because a line's id may be any text, even "constructor".
    const meant = new Map(Object.entries(incoming.meant));
    const unnamed = new Set(
      incoming.items?.flatMap((line) => (line.dutchie_product_id === undefined ? line.line_id : [])),
    );
    const items =
      lines?.map((item) => ({
        ...item,
        product_id:
          given.productIds.get(item.dutchie_product_id ?? meant.get(item.line_id) ?? "") ??
          (unnamed.has(item.line_id) ? knownLine(item.line_id, known)?.product_id : null) ??
          null,
      })) ?? null;
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
 * No floor covers sales, so a read counts as a snapshot only for a sale without a stamp: equal content writes no version then.
 * Anything that could come late for the sale is older than its first read. Otherwise it would be written again with every read of
 * its window.
 */
const readOf = ({ modified_at }: IncomingSale, read: Read, now: number): Read =>
  read.kind === "snapshot" ? { ...read, complete: believedStamp(modified_at, now) === null } : read;

const isWhole = (line: StatedLine): boolean =>
  line.dutchie_product_id !== undefined &&
  line.unit_price !== undefined &&
  line.unit_cost !== undefined &&
  line.discount !== undefined &&
  line.total !== undefined &&
  line.is_returned !== undefined;

/** Hash of the lines' content in any order, without their ids: some answers number lines by position. */
function itemsHash(lines: readonly Line[]): string {
  const contents = lines.map(({ dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned }) =>
    JSON.stringify([dutchie_product_id, quantity, unit_price, unit_cost, discount, total, is_returned]),
  );
  return quickHash(contents.sort().join("\n"));
}

/** Whether the stored lines are needed: fewer lines came, or one of them leaves a field out. */
export function comparesLines({ items }: IncomingSale, stored: SaleRow | undefined): boolean {
  return stored !== undefined && items !== null && (items.length < stored.item_count || !items.every(isWhole));
}

/** The row's customer, unless it was mapped before the store's pepper changed; else the stored one. */
function customerOf(incoming: IncomingSale, stored: SaleRow | undefined, pepper_id: string | null): string | null {
  const stated = incoming.customer_key;
  if (stated === null) return null;
  return ownKey(stated ?? null, pepper_id) ?? ownKey(stored?.customer_key ?? null, pepper_id);
}

function saleHash(content: SaleContent & Pick<SaleRow, "items_hash">): string {
  const { completed_at, type, subtotal, discount, tax, total, is_void, is_return, return_of, adjustment_of } = content;
  const head = [
    completed_at,
    type,
    subtotal,
    discount,
    tax,
    total,
    is_void,
    is_return,
    return_of,
    adjustment_of ?? null,
  ];
  return stateHash([...head, content.item_count, content.items_hash]);
}

function pickContent(row: SaleRow): SaleContent {
  const { completed_at, type, subtotal, discount, tax, total, is_void, is_return, return_of, item_count } = row;
  const adjustment_of = row.adjustment_of ?? null;
  return {
    completed_at,
    type,
    subtotal,
    discount,
    tax,
    total,
    is_void,
    is_return,
    return_of,
    item_count,
    adjustment_of,
  };
}

const pickVersion = ({ source_at, source_rank, content_hash, updated_at }: SaleRow) => ({
  source_at,
  source_rank,
  content_hash,
  updated_at,
});
