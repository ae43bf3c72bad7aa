import { useEffect, useState } from "react";
import { useLocation } from "wouter";
import type { NewProduct } from "../../../../../../src/client/index.ts";
import { useCreateProduct } from "../../../../data/records.ts";
import { fieldProblems } from "../../../../form-problems.ts";
import { paths } from "../../../../navigation.ts";
import { PRODUCT_FIELDS } from "../../../../product-fields.ts";
import { texts } from "../../../../texts.ts";
import { Dialog } from "../../../../ui/dialog.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { ProductForm } from "../../product/product-form.tsx";
import { useStore } from "../../store-context.ts";

const t = texts.inventory;
const FIELDS = PRODUCT_FIELDS.filter((field) => field !== "status");

/** A product of ReUp's own, which Dutchie does not have (yet). */
export function AddProduct({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { location_id } = useStore().location;
  const [, navigate] = useLocation();
  const [added, setAdded] = useState<string | null>(null);
  const create = useCreateProduct(location_id, setAdded);
  // Once the form knows that it is saved: it would ask before it is left.
  useEffect(() => {
    if (added !== null) navigate(paths.product(location_id, added));
  }, [added, location_id, navigate]);
  const problems = fieldProblems(create.error);
  return (
    <Dialog isPanel isOpen={isOpen} onClose={onClose} title={t.addProduct} about={t.addAbout}>
      <div className="flex flex-col gap-3">
        {create.error !== undefined && Object.keys(problems).length === 0 && (
          <Problem what={t.notAdded} error={create.error} />
        )}
        <ProductForm
          fields={FIELDS}
          values={{}}
          problems={problems}
          action={t.addProduct}
          isBusy={create.isBusy}
          isSaved={added !== null}
          // The form requires a name.
          onSave={(fields) => void create.run(fields as NewProduct)}
        />
      </div>
    </Dialog>
  );
}
