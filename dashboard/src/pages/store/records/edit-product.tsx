import { Stack, Text, Title } from "@mantine/core";
import type { ProductDetail } from "../../../../../src/client/index.ts";
import { lockOf } from "../../../../../src/client/rules.ts";
import { fieldProblems } from "../../../components/form-problems.ts";
import { Problem } from "../../../components/problem.tsx";
import { useEditProduct } from "../../../data/records.ts";
import { useStore } from "../store-context.ts";
import { nameOfField, PRODUCT_FIELDS, type ProductField } from "./product-fields.ts";
import { ProductForm } from "./product-form.tsx";

/** The fields of a product that can be edited, and why the others cannot. */
export function EditProduct({ product, onDone }: { product: ProductDetail; onDone: (saved: boolean) => void }) {
  const { location } = useStore();
  const edit = useEditProduct(location.location_id, product.product_id);
  const locks = new Map<string, ProductField[]>();
  const open: ProductField[] = [];
  for (const field of PRODUCT_FIELDS) {
    const reason = lockOf(product, field, location.settings);
    if (reason === null) open.push(field);
    else locks.set(reason, [...(locks.get(reason) ?? []), field]);
  }
  return (
    <Stack component="section" aria-label="Edit the product">
      <ProductForm
        fields={open}
        values={product}
        problems={fieldProblems(edit.error)}
        label="Save"
        busy={edit.isPending}
        onSave={(changed) => edit.mutate(changed, { onSuccess: () => onDone(true) })}
        onCancel={() => onDone(false)}
      />
      {edit.isError && <Problem what="The product was not saved" error={edit.error} />}
      {locks.size > 0 && (
        <div>
          <Title order={3} size="h5">
            Cannot be edited here
          </Title>
          {[...locks].map(([reason, fields]) => (
            <Text key={reason} size="sm">
              <b>{fields.map(nameOfField).join(", ")}:</b> {reason}
            </Text>
          ))}
        </div>
      )}
    </Stack>
  );
}
