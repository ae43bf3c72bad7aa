import { parseAsBoolean, useQueryState } from "nuqs";
import { toast } from "sonner";
import type { ProductDetail } from "../../../../../src/client/index.ts";
import { useProduct } from "../../../data/records.ts";
import { paths } from "../../../navigation.ts";
import { useMay } from "../../../session.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { ListState } from "../../../ui/list-state.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { PageTitle } from "../../../ui/page-title.tsx";
import { useStore } from "../store-context.ts";
import { Details } from "./details.tsx";
import { EditProduct } from "./edit-product.tsx";
import { Ledger } from "./ledger/ledger.tsx";
import { LinkButton } from "./link/link-button.tsx";
import { Linked } from "./link/linked.tsx";
import { Merges } from "./merges.tsx";
import { OnHand, onHandOf } from "./on-hand.tsx";
import { Pending } from "./pending.tsx";

const t = texts.product;

/** A product of Dutchie's that is none of ReUp's own yet. */
const isLinkable = ({ source, dutchie_product_id, merged_into, status }: ProductDetail): boolean =>
  source === "dutchie" && dutchie_product_id !== null && merged_into === null && status !== "deleted";

/** Only rows without a product id name it. */
const isNameless = ({ source, dutchie_product_id, merged_into, status }: ProductDetail): boolean =>
  source === "dutchie" && dutchie_product_id === null && merged_into === null && status !== "deleted";

/** One product: what is on hand and where, and how it came to be. */
export default function Product({ product_id }: { product_id: string }) {
  const { location_id } = useStore().location;
  const product = useProduct(location_id, product_id);
  const mayEdit = useMay("manager");
  const [isEditing, edit] = useQueryState("edit", parseAsBoolean.withDefault(false).withOptions({ history: "push" }));
  const saved = (isPushed: boolean) => {
    toast.success(isPushed ? t.savedAndSent : t.saved);
    void edit(null);
  };
  return (
    <>
      <p className="mb-1 text-sm">
        <Link href={paths.inventory(location_id)}>{t.allProducts}</Link>
      </p>
      <ListState list={product} what={t.theProduct} notLoaded={t.notLoaded}>
        {(data) => (
          <>
            <PageTitle title={data.product_name} about={onHandOf(data)}>
              {mayEdit && data.merged_into === null && <Button onClick={() => void edit(true)}>{t.edit}</Button>}
              {mayEdit && isLinkable(data) && <LinkButton product={data} />}
            </PageTitle>
            {data.merged_into !== null && (
              <Notice
                tone="info"
                title={t.mergedAway}
                action={
                  <Button asChild size="sm">
                    <Link isPlain href={paths.product(location_id, data.merged_into)}>
                      {t.goToOther}
                    </Link>
                  </Button>
                }
              >
                {t.mergedAwayAbout}
              </Notice>
            )}
            {isNameless(data) && (
              <Notice tone="info" title={t.nameless}>
                {t.namelessAbout}
              </Notice>
            )}
            {data.pending.length > 0 && <Pending product={data} />}
            <Merges product_id={product_id} />
            {data.source === "reup" && data.dutchie_product_id !== null && (
              <Linked product_id={product_id} dutchie_product_id={data.dutchie_product_id} />
            )}
            <Ledger product_id={product_id} />
            <OnHand product={data} />
            <Details product={data} />
            {mayEdit && isEditing && <EditProduct product={data} onClose={() => void edit(null)} onSaved={saved} />}
          </>
        )}
      </ListState>
    </>
  );
}
