import { asBelieved } from "../clock.ts";
import { addStated, contentOf, isSettledBy, ownContent, placeOf, statedOf } from "../identity/identify.ts";
import type { MatchIndex } from "../identity/match.ts";
import { type IdentityPlan, noIdentityPlan, replaceProduct } from "../identity/replace.ts";
import { type PushFields, pushEntries } from "../pushes/push.ts";
import { isRendition } from "../pushes/rendition.ts";
import { type Change, creationBy, creationOf, type FieldChanges, type Origin } from "../records/change.ts";
import { changeOf, decide, diff, differenceOf, isBelowFloor, type Outcome } from "../records/decide.ts";
import type { Difference } from "../records/drift.ts";
import type { IncomingProduct } from "../records/mapping.ts";
import type { ProductContent, PushField, RowFailure } from "../records/model.ts";
import { dutchieSide, type InForce, namedByEffect, override } from "../records/overrides.ts";
import { pickProductContent, pickVersioned, productHash } from "../records/product.ts";
import { type Counts, NO_COUNTS, NO_HINT, type ProductRow, productId, type Unsettled } from "../records/records.ts";
import {
  addProductStatement,
  computedFields,
  isSameStated,
  type StatedProduct,
  statementOfContent,
} from "../records/stated.ts";
import { compareVersions, type Read, type Version, versionOf } from "../records/version.ts";

export interface ProductPlan extends IdentityPlan {
  /** Rows to write, each product once. */
  rows: ProductRow[];
  /** Ids of rows that must be written even with an older version, because a missing value was completed. */
  filled: Set<string>;
  changes: Change[];
  /**
   * Ids of products that the log only names: an import created them, or what changed is beside the fields that it shows, such as a
   * weight.
   */
  named: Set<string>;
  counts: Counts;
  differences: Difference[];
  /** Rows that applied, except for what could not be read. */
  failures: RowFailure[];
  /** One per incoming row, in order. */
  outcomes: Outcome[];
  /** ReUp's values that Dutchie changed, to be written back to Dutchie. */
  kept: Kept[];
}

/** Fields that Dutchie changed although ReUp decides on them. */
interface Kept {
  product_id: string;
  dutchie_product_id: string;
  fields: PushFields;
}

interface Given {
  incoming: readonly IncomingProduct[];
  /** Stored products by Dutchie id. */
  stored: ReadonlyMap<string, ProductRow>;
  match: MatchIndex;
  read: Read;
  floor: number;
  now: number;
  origin: Origin;
  /** Fields on which ReUp decides (settings, `field_authority`). */
  keep: readonly PushField[];
  /** Whether to say how the rows differ from what is stored, for a verification; absent: yes. */
  compares?: boolean;
  /** ReUp's product id → what ReUp wrote to Dutchie: Dutchie's rendition of it is not an edit. */
  written?: ReadonlyMap<string, readonly Partial<ProductContent>[]>;
}

interface Planned {
  row: ProductRow | null;
  outcome: Outcome;
  /** The changes to log; null: none. */
  fields: FieldChanges | null;
  /** How the row differs from what Dutchie stated before, even if the row is too old or the change is not visible. */
  contradicts: FieldChanges;
  version: Version;
}

/**
 * The plan for product rows. A product that is not found is matched to one that ReUp already has (rule 5), else created.
 * Its id is derived from Dutchie's, so creating it twice creates one product.
 */
export function planProducts(given: Given): ProductPlan {
  const current = new Map([...given.stored].map(([id, row]) => [id, asBelieved(row, given.now)]));
  const written = new Map<string, ProductRow>();
  const plan: ProductPlan = {
    rows: [],
    filled: new Set(),
    changes: [],
    counts: { ...NO_COUNTS },
    differences: [],
    failures: [],
    outcomes: [],
    kept: [],
    named: new Set(),
    ...noIdentityPlan(),
  };
  for (const incoming of given.incoming) {
    const id = incoming.dutchie_product_id;
    const known = current.get(id);
    const isSettled = known !== undefined && known.unsettled === null;
    const stated = statedAfter(incoming, known, given);
    // An older row of a product whose identity is known completes nothing. Its own values are compared, so that a contradiction shows.
    const whole =
      known === undefined ? incoming : isSettled ? completed(incoming, known) : withComputed(incoming, stated, known);
    const planned = isSettled ? planSettled(whole, known, plan, given) : planUnsettled(whole, known, plan, given);
    const { outcome, fields, contradicts, version } = planned;
    plan.outcomes.push(outcome);
    const { unreadable: reason, labels_only: is_minor } = incoming;
    const isRead = reason === undefined || outcome === "stale";
    const isCounted = isRead || is_minor === true;
    if (isCounted) plan.counts[outcome] += 1;
    if (!isRead) plan.failures.push({ resource: "products", dutchie_id: id, reason, ...(is_minor && { is_minor }) });
    if (given.compares !== false && isCounted) {
      const difference = differenceOf(
        { resource: "products", record_id: planned.row?.product_id ?? known?.product_id ?? productId(id) },
        { outcome, fields: Object.keys(fields ?? {}).length > 0 ? (fields ?? {}) : contradicts },
        {
          modified_at: incoming.modified_at,
          is_missing: outcome === "created" || (outcome === "stale" && known === undefined),
          known_at: known?.source_at ?? null,
          now: given.now,
        },
      );
      if (difference !== null) plan.differences.push(difference);
    }
    // Statements beside the content are stored even if the content is unchanged: the next row may need them.
    const isNews = outcome === "unchanged" && known !== undefined && !isSameStated(stated, known.stated);
    const kept = isNews && compareVersions(version, known) > 0 ? { ...known, ...version } : null;
    const base = planned.row ?? kept;
    if (base === null) continue;
    const row: ProductRow = { ...base, stated };
    current.set(id, row);
    if (known !== undefined && known.product_id !== row.product_id) written.delete(known.product_id);
    written.set(row.product_id, row);
    const isOnlyNamed = isImported(row, outcome);
    if (fields !== null && !isOnlyNamed) {
      const record = { resource: "products" as const, record_id: row.product_id, fields };
      plan.changes.push(changeOf(record, version, given.origin, given.now));
    } else if (isOnlyNamed || !isSameStated(stated, known?.stated)) plan.named.add(row.product_id);
  }
  plan.rows = [...written.values()];
  return plan;
}

const isImported = (row: ProductRow, outcome: Outcome): boolean => outcome === "created" && row.created_by != null;

/** The statements after this row. An older row only fills in missing ones. */
function statedAfter(incoming: IncomingProduct, known: ProductRow | undefined, given: Given): StatedProduct {
  const before = known?.stated ?? {};
  const statement = statementIn(incoming, known);
  const at = versionOf(incoming.modified_at, given.read, "", given.now).source_at;
  const isOlder = known !== undefined && at < known.source_at;
  return isOlder
    ? addProductStatement(addProductStatement({}, statement), before)
    : addProductStatement(before, statement);
}

const statementIn = (incoming: IncomingProduct, known: ProductRow | undefined) =>
  incoming.statement ?? statementOfContent(incoming.content, known?.stated ?? {});

/** The row with its computed fields: what it leaves out was stated before. */
export const completed = (incoming: IncomingProduct, known: ProductRow): IncomingProduct =>
  withComputed(incoming, addProductStatement(known.stated ?? {}, statementIn(incoming, known)), known);

/** The row with its computed fields, from all statements. A new product's row has them: there is no earlier statement. */
function withComputed(incoming: IncomingProduct, stated: StatedProduct, known: ProductRow): IncomingProduct {
  const { category } = dutchieSide(known);
  return {
    ...incoming,
    content: { ...incoming.content, ...computedFields(stated, incoming.statement ?? {}, category) },
  };
}

function planSettled(incoming: IncomingProduct, known: ProductRow, plan: ProductPlan, given: Given): Planned {
  const id = incoming.dutchie_product_id;
  const before = pickProductContent(dutchieSide(known));
  // Dutchie lists a deleted product again: it is active, unless the row says otherwise.
  const revived = before.status === "provisional" || before.status === "deleted" ? "active" : before.status;
  const content: ProductContent = { ...before, status: revived, ...incoming.content, dutchie_product_id: id };
  const stored = pickVersioned(dutchieSide(known));
  const { modified_at } = incoming;
  const decision = decide({ ...basis(given), stored, content, hash: productHash(content), modified_at });
  const { outcome, version } = decision;
  if (!decision.write) return { row: null, outcome, fields: null, contradicts: decision.fields, version };
  const overrides = { ...known.overrides, ...keepAgainst(known, content, plan, given) };
  const updated_at = outcome === "unchanged" ? known.updated_at : given.now;
  const row: ProductRow = { ...known, ...override(content, overrides), ...version, updated_at };
  const logged = outcome === "unchanged" ? null : namedByEffect(decision.fields, known, row);
  return { row, outcome, fields: logged, contradicts: decision.fields, version };
}

const basis = ({ read, floor, now }: Given) => ({ read, floor, now });

/** An unsettled product: which product it belongs to is decided again, and an older row fills in missing fields. */
function planUnsettled(
  incoming: IncomingProduct,
  known: ProductRow | undefined,
  plan: ProductPlan,
  given: Given,
): Planned {
  const id = incoming.dutchie_product_id;
  const before = known?.unsettled ?? { stated: {}, hint: NO_HINT, own: null };
  const { modified_at } = incoming;
  const at = versionOf(modified_at, given.read, "", given.now);
  // An older row does not bring back a product that a complete snapshot did not list.
  const isOver = known?.status === "deleted" && at.source_at <= known.source_at;
  const contradicts = () => diff(known && pickProductContent(dutchieSide(known)), incoming.content);
  if (isOver || isBelowFloor(at, given.read, given.floor)) {
    return { row: null, outcome: "stale", fields: null, contradicts: contradicts(), version: at };
  }
  // A snapshot beats an event of the same time.
  const added = addStated(before, statedOf(known), incoming.content, at.source_at + at.source_rank / 2);
  const place = placeOf(known, { state: added.state, stated: added.stated, read: given.read }, given.match);
  const settles = isSettledBy(added.state, given.read);
  const state: Unsettled = { ...added.state, own: ownContent(place) };
  const content = contentOf(id, state.own, state, added.stated);
  const stored = known && pickVersioned(dutchieSide(known));
  const decision = decide({ ...basis(given), stored, content, hash: productHash(content), modified_at });
  const version = newerOf(decision.version, known);
  const moved = place.replaced !== null;
  const isChanged = moved || known === undefined || Object.keys(decision.fields).length > 0;
  if (!isChanged && !decision.write && !added.isMore && !settles) {
    // The row changes nothing: it repeats what is known, or is older.
    const differing = contradicts();
    const repeats = Object.keys(differing).length === 0;
    return { row: null, outcome: repeats ? "unchanged" : "stale", fields: null, contradicts: differing, version };
  }
  const base = known === undefined || moved ? (place.own ?? undefined) : known;
  const outcome = !isChanged ? "unchanged" : known === undefined && base === undefined ? "created" : "updated";
  const kept = known === undefined || moved || known.source_at === 0 ? {} : keepAgainst(known, content, plan, given);
  const row: ProductRow = {
    ...override(content, { ...base?.overrides, ...kept }),
    product_id: place.own?.product_id ?? productId(id),
    source_at: version.source_at,
    source_rank: version.source_rank,
    content_hash: version.content_hash,
    merged_into: base?.merged_into ?? null,
    notes: base?.notes ?? null,
    source: place.own === null ? "dutchie" : place.own.source,
    unsettled: settles ? null : state,
    updated_at: isChanged ? given.now : (known?.updated_at ?? given.now),
  };
  const { created_by } = outcome === "created" ? creationBy(given.origin) : creationOf(base);
  if (created_by !== undefined) row.created_by = created_by;
  plan.filled.add(row.product_id);
  replaceProduct(place, row, plan, given);
  // What an import creates is not logged.
  if (given.compares === false && isImported(row, outcome))
    return { row, outcome, fields: null, contradicts: {}, version };
  const { fields } = decision;
  const logged = base === known ? fields : diff(base && pickProductContent(base), content);
  return { row, outcome, fields: isChanged ? namedByEffect(logged, base, row) : null, contradicts: fields, version };
}

/** An older row that fills in missing fields does not make the product older. */
function newerOf(version: Version, known: ProductRow | undefined): Version {
  if (known === undefined || version.source_at >= known.source_at) return version;
  return { ...version, source_at: known.source_at, source_rank: known.source_rank };
}

/** Plans to write back the values on which ReUp decides, if Dutchie changed them; returns them as overrides. */
function keepAgainst(known: ProductRow, content: ProductContent, plan: ProductPlan, given: Given) {
  const kept = keptAgainst(known, content, given.keep, given.written?.get(known.product_id) ?? []);
  if (Object.keys(kept).length === 0) return {};
  const dutchie_product_id = content.dutchie_product_id ?? "";
  plan.kept.push({ product_id: known.product_id, dutchie_product_id, fields: kept });
  return inForce(kept);
}

/** ReUp's values of the fields on which it decides, as far as Dutchie changed them. */
function keptAgainst(
  stored: ProductRow,
  content: ProductContent,
  keep: readonly PushField[],
  written: readonly Partial<ProductContent>[],
): PushFields {
  const before = dutchieSide(stored);
  const isOurs = (field: PushField) =>
    written.some((each) => each[field] === stored[field] && isRendition(field, each[field], content[field]));
  const changed = keep.filter(
    (field) => before[field] !== content[field] && stored[field] !== content[field] && !isOurs(field),
  );
  return Object.fromEntries(changed.map((field) => [field, { value: stored[field], base: content[field] }]));
}

const inForce = (fields: PushFields): Partial<Record<PushField, InForce>> =>
  Object.fromEntries(pushEntries(fields).map(([field, { value }]) => [field, { value, fill: false, push: true }]));

/** The tombstone of a product that a complete snapshot no longer lists: deleted, with the snapshot's version. */
export function tombstoneProduct(row: ProductRow, floor: number, now: number): ProductRow {
  const content: ProductContent = { ...pickProductContent(dutchieSide(row)), status: "deleted" };
  // The status is Dutchie's again: a merged product that is gone is not for sale.
  const { status: _, ...kept } = row.overrides ?? {};
  return {
    ...row,
    status: "deleted",
    overrides: Object.keys(kept).length === 0 ? null : kept,
    source_at: Math.min(floor, now),
    source_rank: 1,
    content_hash: productHash(content),
    updated_at: now,
  };
}
