import type { ProductDetail } from "../../../../../src/client/index.ts";
import { lockOf } from "../../../../../src/client/rules.ts";
import { useEditProduct } from "../../../data/records.ts";
import { fieldProblems } from "../../../form-problems.ts";
import { nameOfField, PRODUCT_FIELDS, type ProductField } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Dialog } from "../../../ui/dialog.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { useStore } from "../store-context.ts";
import { ProductForm } from "./product-form.tsx";

const t = texts.product;

export interface EditProductProps {
  product: ProductDetail;
  onClose: () => void;
  /** Gets whether the edit is sent to Dutchie. */
  onSaved: (isPushed: boolean) => void;
}

/** The fields of a product that can be edited, and why the others cannot. */
export function EditProduct({ product, onClose, onSaved }: EditProductProps) {
  const { location } = useStore();
  const edit = useEditProduct(location.location_id, product.product_id, onSaved);
  const problems = fieldProblems(edit.error);
  const locks = new Map<string, ProductField[]>();
  const open: ProductField[] = [];
  for (const field of PRODUCT_FIELDS) {
    const reason = lockOf(product, field, location.settings);
    if (reason === null) open.push(field);
    else locks.set(reason, [...(locks.get(reason) ?? []), field]);
  }
  return (
    <Dialog isPanel isOpen onClose={onClose} title={t.edit} about={product.product_name}>
      <div className="flex flex-col gap-4">
        {edit.error !== undefined && <Problem what={t.notSaved} error={edit.error} />}
        <ProductForm
          fields={open}
          values={product}
          problems={problems}
          action={t.save}
          isBusy={edit.isBusy}
          onSave={(changed) => void edit.run(changed)}
        />
        {locks.size > 0 && (
          <section aria-label={t.locked} className="text-sm">
            <h3 className="font-semibold">{t.locked}</h3>
            {[...locks].map(([reason, fields]) => (
              <p key={reason}>
                <b>{fields.map(nameOfField).join(", ")}:</b> {reason}
              </p>
            ))}
          </section>
        )}
      </div>
    </Dialog>
  );
}
