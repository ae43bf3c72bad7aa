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
          It is ReUp's alone: Dutchie is not told of it. When Dutchie gets one with the same UPC, SKU or brand and name,
          the two become one.
        </Text>
        <ProductForm
          fields={FIELDS}
          values={{}}
          problems={fieldProblems(create.error)}
          label="Add"
          busy={create.isPending}
          // The form does not let go of a product without a name.
          onSave={(fields) =>
            create.mutate(fields as NewProduct, { onSuccess: ({ product_id }) => onClose(product_id) })
          }
          onCancel={() => onClose(null)}
        />
        {create.isError && <Problem what="It was not added" error={create.error} />}
      </Stack>
    </Drawer>
  );
}
