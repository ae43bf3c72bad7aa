import { Radio, Table } from "@mantine/core";
import type { Review } from "../../../../../src/client/index.ts";
import { OVERRIDABLE, type Overridable } from "../../../../../src/client/rules.ts";
import { counted, plain, quantity } from "../../../format.ts";
import { nameOfField } from "../records/product-fields.ts";

type Candidate = Extract<Review["candidates"][number], { product_id: string }>;

/** Field → the product whose value is kept. */
export type Choices = Record<string, string>;

export function productsOf(review: Review): Candidate[] {
  return review.candidates.filter((candidate): candidate is Candidate => "product_id" in candidate);
}

export interface CandidateTableProps {
  review: Review;
  products: readonly Candidate[];
  into: string;
  choices: Choices;
  /** Without these two the table is read-only. */
  onInto?: (product_id: string) => void;
  onChoices?: (choices: Choices) => void;
}

/** The products side by side, and what merging them makes. */
export function CandidateTable({ review, products, into, choices, onInto, onChoices }: CandidateTableProps) {
  const shows = review.preview !== null;
  // The preview is for one surviving product. For another one, only the merge itself shows what fills its gaps.
  const proposed = review.preview?.product_id === into ? review.preview.fields : {};
  const from = (field: Overridable) => choices[field] ?? proposed[field]?.from ?? into;
  const merged = (field: Overridable): unknown => {
    const chosen = products.find(({ product_id }) => product_id === from(field));
    return choices[field] === undefined && proposed[field] !== undefined ? proposed[field].value : chosen?.[field];
  };
  // In an ambiguous match the first is Dutchie's product. It may be the same as one of the others.
  const isMatch = review.kind === "ambiguous_match";
  const nameOf = (product: Candidate, i: number) =>
    product.source === "reup"
      ? isMatch
        ? `ReUp's product ${i}`
        : "ReUp's product"
      : isMatch
        ? "Dutchie's product"
        : `Product ${i + 1}`;
  const sum = products.reduce((total, product) => total + product.quantity, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="scroll" aria-label="Side by side" tabIndex={0}>
      <Table withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Field</Table.Th>
            {products.map((product, i) => (
              <Table.Th key={product.product_id} scope="col">
                {nameOf(product, i)}
              </Table.Th>
            ))}
            {shows && <Table.Th scope="col">Merged</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {onInto !== undefined && (
            <Table.Tr>
              <Table.Th scope="row">{isMatch ? "Same product" : "Product to keep"}</Table.Th>
              {products.map((product, i) => (
                <Table.Td key={product.product_id}>
                  {!(isMatch && i === 0) && (
                    <Radio
                      name={`${review.review_id} into`}
                      label="This one"
                      aria-label={isMatch ? `${nameOf(product, i)} is the same` : `Keep product ${i + 1}`}
                      checked={into === product.product_id}
                      onChange={() => onInto(product.product_id)}
                    />
                  )}
                </Table.Td>
              ))}
              {shows && (
                <Table.Td>
                  {products.map((product, i) => (product.product_id === into ? nameOf(product, i) : "")).join("")}
                </Table.Td>
              )}
            </Table.Tr>
          )}
          {OVERRIDABLE.map((field) => {
            const differs = new Set(products.map((product) => plain(product[field]))).size > 1;
            return (
              <Table.Tr key={field}>
                <Table.Th scope="row">
                  {nameOfField(field)}
                  {differs && " (differs)"}
                </Table.Th>
                {products.map((product, i) => (
                  <Table.Td key={product.product_id}>
                    {differs && onChoices !== undefined ? (
                      <Radio
                        name={`${review.review_id} ${field}`}
                        label={plain(product[field])}
                        aria-label={`${nameOfField(field)} of product ${i + 1}: ${plain(product[field])}`}
                        checked={from(field) === product.product_id}
                        onChange={() => onChoices({ ...choices, [field]: product.product_id })}
                      />
                    ) : (
                      plain(product[field])
                    )}
                  </Table.Td>
                ))}
                {shows && <Table.Td fw={differs ? 600 : 400}>{plain(merged(field))}</Table.Td>}
              </Table.Tr>
            );
          })}
          <Table.Tr>
            <Table.Th scope="row">Quantity</Table.Th>
            {products.map((product) => (
              <Table.Td key={product.product_id}>
                {quantity(product.quantity)} in {counted(product.packages, "package")}
              </Table.Td>
            ))}
            {shows && <Table.Td fw={600}>{quantity(review.preview?.quantity ?? sum)}</Table.Td>}
          </Table.Tr>
        </Table.Tbody>
      </Table>
    </section>
  );
}
