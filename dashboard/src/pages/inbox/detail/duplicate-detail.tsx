import { useState } from "react";
import { OVERRIDABLE, type Overridable } from "../../../../../src/client/rules.ts";
import { acts } from "../../../data/inbox-acts.ts";
import { plain, quantity } from "../../../format.ts";
import { nameOfField, shownValue } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { type CandidateProduct, productsOf } from "../item-words.ts";
import type { DetailProps } from "./detail-props.ts";
import { MergeForm } from "./merge-form.tsx";
import { Table } from "./table.tsx";

const t = texts.inbox;

/** Products that may be one: kept apart unless a person says otherwise. */
export function DuplicateDetail({ item, settle, draft, onDraft, reason, isWaiting, mayAct }: DetailProps<"decision">) {
  const { review, location_id } = item;
  const products = productsOf(review);
  const isMatch = review.kind === "ambiguous_match";
  const [isMerging, merge] = useState(draft.into !== null);
  const [showsAll, showAll] = useState(false);
  const nameOf = nameFor(products, isMatch);
  const differing = OVERRIDABLE.filter((field) => differs(products, field));
  const undo = () => acts.undo(location_id, review.review_id);
  const keepApart = () =>
    void settle({
      items: [item],
      send: () => acts.decide(item, { action: "keep_both", reason }),
      said: t.keptApart,
      undo,
    });
  const rows = (showsAll ? OVERRIDABLE : differing).map((field) => ({
    key: field,
    cells: [nameOfField(field), ...products.map((product) => shown(product, field))],
  }));
  const stock = products.map((product) => t.inPackages(quantity(product.quantity), product.packages));
  return (
    <>
      <p>{review.reason}</p>
      <Table
        caption={t.differences}
        head={[t.field, ...products.map((product, i) => nameOf(product, i))]}
        rows={[...rows, { key: "quantity", cells: [t.quantity, ...stock] }]}
      />
      {!showsAll && differing.length < OVERRIDABLE.length && (
        <Button kind="ghost" size="sm" className="self-start" onClick={() => showAll(true)}>
          {t.allFields}
        </Button>
      )}
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={isWaiting} onClick={keepApart}>
            {isMatch ? t.noneOfThem : t.keepApart}
          </Button>
          {review.preview !== null && !isMerging && (
            <Button disabled={isWaiting} onClick={() => merge(true)}>
              {isMatch ? t.linkOpen : t.mergeOpen}
            </Button>
          )}
        </div>
      )}
      {mayAct && review.preview === null && <p className="text-sm text-dim">{t.tooMany}</p>}
      {mayAct && isMerging && (
        <MergeForm
          review={review}
          products={products}
          nameOf={nameOf}
          differing={isMatch ? [] : differing}
          {...{ draft, onDraft, isWaiting }}
          onMerge={(decision) =>
            void settle({
              items: [item],
              send: () => acts.decide(item, { ...decision, reason }),
              said: () => (isMatch ? t.linked : t.merged),
              undo,
            })
          }
        />
      )}
    </>
  );
}

const differs = (products: readonly CandidateProduct[], field: Overridable) =>
  new Set(products.map((product) => plain(product[field]))).size > 1;

const shown = (product: CandidateProduct, field: Overridable): string => shownValue(field, product[field]);

/** In an ambiguous match the first is Dutchie's product. It may be the same as one of the others. */
const nameFor = (products: readonly CandidateProduct[], isMatch: boolean) => (product: CandidateProduct, i: number) => {
  if (product.source === "reup") return t.reups(isMatch && products.length > 2 ? i : null);
  return isMatch ? t.dutchies : t.product(i + 1);
};
