import { useId } from "react";
import type { Review } from "../../../../../src/client/index.ts";
import type { Overridable } from "../../../../../src/client/rules.ts";
import type { Decision } from "../../../data/inbox-acts.ts";
import { text } from "../../../format.ts";
import { nameOfField, shownValue } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Name } from "../../../ui/name.tsx";
import { Select } from "../../../ui/select.tsx";
import type { CandidateProduct } from "../item-words.ts";
import type { DetailProps } from "./detail-props.ts";
import { giverOf } from "./merge-values.ts";

const t = texts.inbox;

export interface MergeFormProps extends Pick<DetailProps<"decision">, "draft" | "onDraft"> {
  review: Review;
  products: readonly CandidateProduct[];
  nameOf: (product: CandidateProduct, i: number) => string;
  /** The fields whose value is chosen. */
  differing: readonly Overridable[];
  isWaiting: boolean;
  onMerge: (decision: Decision) => void;
}

/** Which product stays and with which values. No product is chosen beforehand. */
export function MergeForm({ review, products, nameOf, differing, isWaiting, onMerge, ...rest }: MergeFormProps) {
  const id = useId();
  const isMatch = review.kind === "ambiguous_match";
  const { draft, onDraft } = rest;
  const { choices } = draft;
  // The list is read again meanwhile: what was chosen may be none of them any more.
  const into = products.find(({ product_id }) => product_id === draft.into)?.product_id ?? null;
  const merge = () => {
    if (into === null) return;
    const fields = Object.fromEntries(Object.entries(choices).map(([field, product]) => [field, { from: product }]));
    onMerge({ action: "merge", into, fields: isMatch ? {} : fields });
  };
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line p-3">
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm font-medium">{isMatch ? t.whichIsSame : t.whichStays}</legend>
        {products.map(
          (product, i) =>
            !(isMatch && i === 0) && (
              <label key={product.product_id} className="flex min-h-8 items-center gap-2">
                <input
                  type="radio"
                  name={id}
                  className="size-4 accent-brand-fill"
                  checked={into === product.product_id}
                  onChange={() => onDraft({ into: product.product_id })}
                />
                <span>
                  {nameOf(product, i)}: <Name>{text(product.product_name)}</Name>
                </span>
              </label>
            ),
        )}
      </fieldset>
      {into !== null &&
        differing.map((field) => (
          <Select
            key={field}
            label={t.whichValue(nameOfField(field))}
            value={giverOf(field, into, { choices, preview: review.preview, products })}
            options={products.map((product, i) => ({
              value: product.product_id,
              label: `${shownValue(field, product[field])} (${nameOf(product, i)})`,
            }))}
            onChange={(product_id) => onDraft({ choices: { ...choices, [field]: product_id } })}
          />
        ))}
      <Button kind="danger" className="self-start" disabled={into === null || isWaiting} onClick={merge}>
        {isMatch ? t.link : t.merge(products.length)}
      </Button>
    </div>
  );
}
