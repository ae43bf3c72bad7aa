import type { ProductDetail } from "../../../../../src/client/index.ts";
import { paths } from "../../../navigation.ts";
import { nameOfField, shownValue } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useStore } from "../store-context.ts";

const t = texts.product;

/** Edits that Dutchie does not have yet: ReUp shows the new values already. */
export function Pending({ product }: { product: ProductDetail }) {
  const { location_id } = useStore().location;
  return (
    <Notice
      tone="info"
      title={t.onItsWay}
      isLive
      action={
        <Button asChild size="sm">
          <Link isPlain href={paths.activity(location_id, "edits")}>
            {t.showEdits}
          </Link>
        </Button>
      }
    >
      {product.pending.map(({ field, dutchie_value }) => (
        <p key={field}>
          {t.pendingField(nameOfField(field), shownValue(field, product[field]), shownValue(field, dutchie_value))}
        </p>
      ))}
    </Notice>
  );
}
