import { loadProductsById } from "../../db/load-records.ts";
import { reviewUpsert } from "../../db/reviews.ts";
import { productsUpsert } from "../../db/statements.ts";
import { writeBatch } from "../../db/write.ts";
import { type Link, linkProducts, unlinkProducts } from "../../domain/identity/link.ts";
import type { Decider, FieldChanges, Origin } from "../../domain/records/change.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { pickProductContent } from "../../domain/records/product.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { conflict, DECIDED, invalid, type ReviewCommand, type ReviewResult } from "../../domain/reviews/decision.ts";
import { asDecided, type ReviewRow } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";
import { duplicateStatements } from "../records/duplicates.ts";
import { relinkStatements, unlinkStatements } from "../records/links.ts";
import { writeRecords } from "../records/write-records.ts";
import { candidatesOf } from "./candidates.ts";

/**
 * An ambiguous match: which of ReUp's own products this product of Dutchie's is. Merging makes the two one, as a match
 * without doubt would have done; the other candidates stay as they are.
 */
export async function linkReview(
  context: StoreContext,
  review: ReviewRow,
  { by, reason, ...command }: ReviewCommand & Decider,
): Promise<ReviewResult> {
  const { db, location, now } = context;
  const who = { by, reason };
  if (command.action === "keep_both") {
    const kept = asDecided(review, { action: "keep_both", into: null, resolution: null }, who, now);
    // A person decided that it is none of them: later rows of it link it to no product.
    const dutchie = (await candidatesOf(context, review)).filter(({ product_id }) => product_id === review.subject);
    await writeBatch(db, [
      ...productsUpsert(
        location,
        dutchie.map((row) => ({ ...row, unsettled: null })),
        "differs",
      ),
      ...reviewUpsert(location.location_id, kept),
    ]);
    return DECIDED;
  }
  const [, ...own] = review.candidates;
  const into = command.into ?? (own.length === 1 ? own[0] : undefined);
  if (into === undefined || !own.includes(into)) {
    return invalid("into", `must be one of ReUp's own products: ${own.join(", ")}`);
  }
  if (Object.keys(command.fields).length > 0) return invalid("fields", "can be chosen for a duplicate SKU only");
  const candidates = await candidatesOf(context, review);
  const dutchie = candidates.find(({ product_id }) => product_id === review.subject);
  const chosen = candidates.find(({ product_id }) => product_id === into);
  const isThere = chosen !== undefined && chosen.dutchie_product_id === null && chosen.status !== "deleted";
  const isListed = dutchie !== undefined && dutchie.dutchie_product_id !== null && dutchie.status !== "deleted";
  if (!isThere || !isListed) {
    return conflict("One of the products no longer exists or is linked now. Open the review again.");
  }
  await link(context, review, { own: chosen, dutchie, isUnasked: false, who });
  return DECIDED;
}

/** Links two products, and decides the review with that. */
export async function link(
  context: StoreContext,
  review: ReviewRow,
  given: { own: ProductRow; dutchie: ProductRow; isUnasked: boolean; who: Decider },
): Promise<void> {
  const { own, dutchie, isUnasked, who } = given;
  const linked = linkProducts(own, dutchie, context.now);
  const into = own.product_id;
  const resolution = { fields: {}, link: { own, dutchie, linked, ...(isUnasked && { isUnasked }) } };
  await write(context, {
    review: asDecided(review, { action: "merge", into, resolution }, who, context.now),
    who,
    before: dutchie,
    rows: [linked],
    removed: dutchie.product_id,
    from: dutchie.product_id,
    to: into,
    changes: [
      [linked, diff(pickProductContent(own), pickProductContent(linked))],
      [dutchie, { product_id: [dutchie.product_id, into] }],
    ],
  });
}

/** Undoes the decision of an ambiguous match, with the link that it made. */
export async function unlinkReview(
  context: StoreContext,
  review: ReviewRow,
  given: { after: ReviewRow; who: Decider },
): Promise<ReviewResult> {
  const made = review.resolution?.link ?? null;
  if (made !== null) return unlink(context, made, given);
  await writeBatch(context.db, reviewUpsert(context.location.location_id, given.after));
  return DECIDED;
}

/** `after`: the review as it is then. If it is decided, no sync links the two again. */
export async function unlink(
  context: StoreContext,
  made: Link,
  { after, who }: { after: ReviewRow; who: Decider },
): Promise<ReviewResult> {
  const { db, location, now } = context;
  const [current] = await loadProductsById(db, location.location_id, [made.own.product_id]);
  if (current === undefined || current.dutchie_product_id !== made.dutchie.dutchie_product_id) {
    return conflict("The products are linked differently now. Open the review again.");
  }
  const { own, dutchie: apart } = unlinkProducts(made, current, now);
  const dutchie = after.state === "resolved" ? { ...apart, unsettled: null } : apart;
  await write(context, {
    review: after,
    who,
    before: current,
    // The own one first: it gives the Dutchie id back.
    rows: [own, dutchie],
    removed: null,
    from: own.product_id,
    to: dutchie.product_id,
    changes: [
      [own, diff(pickProductContent(current), pickProductContent(own))],
      [dutchie, { product_id: [own.product_id, dutchie.product_id] }],
    ],
  });
  return DECIDED;
}

async function write(
  context: StoreContext,
  given: {
    review: ReviewRow;
    who: Decider;
    before: ProductRow;
    rows: ProductRow[];
    removed: string | null;
    from: string;
    to: string;
    changes: [ProductRow, FieldChanges][];
  },
): Promise<void> {
  const { store, location, now } = context;
  const { location_id } = location;
  const origin: Origin = { cause: "user", ref: given.review.review_id, decided: given.who };
  const dutchie_product_id = given.before.dutchie_product_id ?? "";
  // The snapshot under way listed it under its former id: without this, it would count as absent. Stored before the new id is.
  if (store.seen.all().has(given.from)) store.seen.add([given.to], []);
  store.seen.flush();
  const removed = given.removed === null ? [] : [given.removed];
  const before = new Map([[dutchie_product_id, given.before]]);
  const duplicates = await duplicateStatements(context, {
    origin,
    written: given.rows,
    before,
    removed: new Set(removed),
  });
  const rows = given.rows.map(duplicates.decided);
  const changes = given.changes.map(([row, fields]) =>
    changeOf({ resource: "products", record_id: row.product_id, fields }, row, origin, now),
  );
  const statements = [
    ...unlinkStatements(location, { removed, released: [] }),
    ...productsUpsert(location, rows, "differs"),
    ...relinkStatements(location_id, [{ from: given.from, to: given.to }], { ...origin, at: now }),
    ...duplicates.statements,
    ...reviewUpsert(location_id, given.review),
  ];
  await writeRecords(context, statements, { changes: [...changes, ...duplicates.changes] });
}
