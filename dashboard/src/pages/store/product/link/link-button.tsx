import { useState } from "react";
import type { ProductDetail } from "../../../../../../src/client/index.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { Dialog } from "../../../../ui/dialog.tsx";
import { LinkForm } from "./link-form.tsx";

const t = texts.product;

/** Links a product of Dutchie's to one of ReUp's own, which a person chooses. */
export function LinkButton({ product }: { product: ProductDetail }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t.link}</Button>
      <Dialog isPanel isOpen={isOpen} onClose={() => setOpen(false)} title={t.linkTitle} about={product.product_name}>
        <LinkForm product={product} />
      </Dialog>
    </>
  );
}
