import { Drawer, Stack, Text } from "@mantine/core";
import type { NewProduct } from "../../../../../src/client/index.ts";
import { fieldProblems } from "../../../components/form-problems.ts";
import { Problem } from "../../../components/problem.tsx";
import { useCreateProduct } from "../../../data/records.ts";
import { useStore } from "../store-context.ts";
import { PRODUCT_FIELDS } from "./product-fields.ts";
import { ProductForm } from "./product-form.tsx";

const FIELDS = PRODUCT_FIELDS.filter((field) => field !== "status");

/** A product of ReUp's own, which Dutchie does not have (yet). */
export function AddProduct({ opened, onClose }: { opened: boolean; onClose: (product_id: string | null) => void }) {
  const { location } = useStore();
  const create = useCreateProduct(location.location_id);
  return (
    <Drawer
      opened={opened}
      onClose={() => onClose(null)}
      position="right"
      size="xl"
      title="Add a product"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <Stack>
        <Text size="sm">
          The product is in ReUp only; it is not sent to Dutchie. If Dutchie gets a product with the same UPC, the same
          SKU, or the same brand and name, ReUp links the two.
        </Text>
        <ProductForm
          fields={FIELDS}
          values={{}}
          problems={fieldProblems(create.error)}
          label="Add"
          busy={create.isPending}
          // The form requires a name.
          onSave={(fields) =>
            create.mutate(fields as NewProduct, { onSuccess: ({ product_id }) => onClose(product_id) })
          }
          onCancel={() => onClose(null)}
        />
        {create.isError && <Problem what="The product was not added" error={create.error} />}
      </Stack>
    </Drawer>
  );
}
