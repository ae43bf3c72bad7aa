import { loadProducts, loadProductsById } from "../../db/load-records.ts";
import { listChanges } from "../../db/queries/list-changes.ts";
import { findReview, reviewUpsert } from "../../db/reviews.ts";
import { productsUpsert } from "../../db/statements.ts";
import { writeBatch } from "../../db/write.ts";
import { contentBeforeMatch, type Link, matchedLink, planLink, planUnlink } from "../../domain/identity/link.ts";
import { isOpen } from "../../domain/pushes/push.ts";
import type { Decider } from "../../domain/records/change.ts";
import { type ProductRow, productId } from "../../domain/records/records.ts";
import { conflict, DECIDED, invalid, type ReviewResult } from "../../domain/reviews/decision.ts";
import { asDecided, matchReview, matchReviewId, type ReviewRow } from "../../domain/reviews/review.ts";
import type { StoreContext } from "../context.ts";
import { link, linkReview, unlink } from "./review-links.ts";

/** A person's link is decided like an ambiguous match that nobody had asked about: it has the same review, and is undone there, too. */
const REASON = "Nobody was asked: a person decided it of their own accord.";

/** Links a product of ReUp's own to one of Dutchie's, or (null) to none. No sync undoes it. To do it again changes nothing. */
export async function linkProduct(
  context: StoreContext,
  product_id: string,
  { dutchie_product_id, ...who }: Decider & { dutchie_product_id: string | null },
): Promise<ReviewResult> {
  const { db, location } = context;
  const { location_id } = location;
  const [product] = await loadProductsById(db, location_id, [product_id]);
  if (product === undefined) return { ok: false, reason: "not_found" };
  const dutchie =
    dutchie_product_id === null
      ? null
      : (await loadProducts(db, location_id, [dutchie_product_id])).get(dutchie_product_id);
  if (dutchie === undefined) return invalid("dutchie_product_id", "is not a product of Dutchie's in this store");
  const plan = dutchie === null ? planUnlink(product) : planLink(product, dutchie);
  if (plan.kind === "as_is") return DECIDED;
  if (plan.kind === "refuse") return conflict(plan.message);
  const subject = productId((dutchie ?? product).dutchie_product_id ?? "");
  const edited = plan.kind === "link" ? subject : product_id;
  const isEdited = context.store.outbox.ofProduct(edited).some(({ state }) => isOpen(state) || state === "conflict");
  if (isEdited && plan.kind !== "settle") {
    return conflict(
      "An edit of this product has not reached Dutchie yet: wait for it, or decide it in the inbox, first.",
    );
  }
  const stored = await findReview(db, location_id, matchReviewId(subject));
  const isAsked = stored?.state === "open";
  const review = isAsked ? withCandidate(stored, product_id) : unasked(subject, product_id, context.now);
  switch (plan.kind) {
    case "settle":
      return settle(context, review, product, who);
    case "link":
      await link(context, review, { own: product, dutchie: plan.dutchie, isUnasked: !isAsked, who });
      return DECIDED;
    case "unlink": {
      const made = stored?.resolution?.link;
      const isMade = made?.own.product_id === product_id && made.dutchie.product_id === subject;
      const after = asDecided(review, { action: "keep_both", into: null, resolution: null }, who, context.now);
      return unlink(context, isMade ? made : await linkByMatch(context, product), { after, who });
    }
  }
}

const withCandidate = (review: ReviewRow, product_id: string): ReviewRow => ({
  ...review,
  candidates: [...new Set([...review.candidates, product_id])],
});

const unasked = (subject: string, product_id: string, now: number): ReviewRow =>
  matchReview(product_id === subject ? [subject] : [subject, product_id], REASON, now);

/** Changes of one product that are read to find what it was before a match: a product changes some times a day at most. */
const READ_CHANGES = 500;

async function linkByMatch({ db, location }: StoreContext, product: ProductRow): Promise<Link> {
  const filter = { resource: "products", record_id: product.product_id };
  const changes = await listChanges(db, location.location_id, filter, { after: null, limit: READ_CHANGES });
  return matchedLink(
    product,
    contentBeforeMatch(
      product,
      changes.map(({ fields }) => fields),
    ),
  );
}

/** A person says that it is so already: no later row of Dutchie's decides it again. */
async function settle(
  context: StoreContext,
  review: ReviewRow,
  product: ProductRow,
  who: Decider,
): Promise<ReviewResult> {
  const { product_id } = product;
  if (product_id === review.subject) {
    return linkReview(context, review, { action: "keep_both", into: null, fields: {}, ...who });
  }
  const { db, location, now } = context;
  const resolution = { fields: {}, link: { ...(await linkByMatch(context, product)), isUnasked: true } };
  const decided = asDecided(review, { action: "merge", into: product_id, resolution }, who, now);
  await writeBatch(db, [
    ...productsUpsert(location, [{ ...product, unsettled: null, updated_at: now }], "differs"),
    ...reviewUpsert(location.location_id, decided),
  ]);
  return DECIDED;
}
