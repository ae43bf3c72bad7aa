import { useEffect, useId, useState } from "react";
import { toast } from "sonner";
import { useLocation } from "wouter";
import type { Product, ProductDetail } from "../../../../../../src/client/index.ts";
import { MAX_FILTER_TEXT, OVERRIDABLE } from "../../../../../../src/client/rules.ts";
import { useLinkProduct, useOwnProducts } from "../../../../data/records.ts";
import { plain } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { nameOfField, shownValue } from "../../../../product-fields.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { type Column, DataTable } from "../../../../ui/data-table.tsx";
import { GoBack } from "../../../../ui/dialog.tsx";
import { TextField } from "../../../../ui/field.tsx";
import { LeavingQuestion } from "../../../../ui/leaving-question.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Name } from "../../../../ui/name.tsx";
import { Problem } from "../../../../ui/problem.tsx";
import { fitsReason, ReasonField } from "../../../../ui/reason-field.tsx";
import { useDebounced } from "../../../../use-debounced.ts";
import { useStore } from "../../store-context.ts";

const t = texts.product;

/** Finds the product, shows what differs, and links the two. No product is chosen beforehand. */
export function LinkForm({ product }: { product: ProductDetail }) {
  const { location_id } = useStore().location;
  const [, navigate] = useLocation();
  const [typed, type] = useState("");
  const [reason, setReason] = useState("");
  const [own, choose] = useState<Product | null>(null);
  const found = useOwnProducts(location_id, useDebounced(typed));
  const [linked, setLinked] = useState<string | null>(null);
  const link = useLinkProduct(location_id, (product_id) => {
    toast.success(t.linked);
    setLinked(product_id);
  });
  // Once the form knows that it is saved: it would ask before it is left.
  useEffect(() => {
    if (linked !== null) navigate(paths.product(location_id, linked), { replace: true });
  }, [linked, location_id, navigate]);
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={t.findOwn}
        about={t.findOwnAbout}
        autoComplete="off"
        maxLength={MAX_FILTER_TEXT}
        value={typed}
        onChange={({ currentTarget }) => type(currentTarget.value)}
      />
      <ListState list={found} what={t.theOwn} notLoaded={t.ownNotLoaded}>
        {(products) =>
          products.length === 0 ? <p>{t.noOwn}</p> : <Choice products={products} chosen={own} onChoose={choose} />
        }
      </ListState>
      {own !== null && (
        <>
          <Differences dutchie={product} own={own} />
          <p>{t.linkMeans}</p>
          <ReasonField value={reason} onType={setReason} />
        </>
      )}
      {link.error !== undefined && <Problem what={t.notLinked} error={link.error} />}
      <div className="flex flex-wrap justify-end gap-2">
        <GoBack />
        <Button
          kind="danger"
          busy={link.isBusy}
          disabled={own === null || !fitsReason(reason)}
          onClick={() =>
            own !== null &&
            void link.run({
              product_id: own.product_id,
              dutchie_product_id: product.dutchie_product_id,
              reason,
            })
          }
        >
          {t.linkThese}
        </Button>
      </div>
      <LeavingQuestion isUnsaved={own !== null && linked === null} />
    </div>
  );
}

interface ChoiceProps {
  products: readonly Product[];
  chosen: Product | null;
  onChoose: (product: Product) => void;
}

/** The chosen one stays in the list, whatever is typed afterwards. */
function Choice({ products, chosen, onChoose }: ChoiceProps) {
  const name = useId();
  const isListed = products.some(({ product_id }) => product_id === chosen?.product_id);
  const listed = chosen === null || isListed ? products : [chosen, ...products];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-sm font-medium">{t.whichOwn}</legend>
      {listed.map((each) => (
        <label key={each.product_id} className="flex min-h-8 items-center gap-2">
          <input
            type="radio"
            name={name}
            className="size-4 accent-brand-fill"
            checked={each.product_id === chosen?.product_id}
            onChange={() => onChoose(each)}
          />
          <Name>{[each.product_name, each.brand, each.sku].filter((part) => part !== null).join(" · ")}</Name>
        </label>
      ))}
    </fieldset>
  );
}

interface Difference {
  field: string;
  dutchie: string;
  own: string;
}

const COLUMNS: Column<Difference>[] = [
  { id: "field", label: t.field, cell: ({ field }) => nameOfField(field) },
  { id: "dutchie", label: t.dutchies, cell: ({ dutchie }) => dutchie },
  { id: "own", label: t.reups, cell: ({ own }) => own },
];

function Differences({ dutchie, own }: { dutchie: Product; own: Product }) {
  const rows = (["sku", ...OVERRIDABLE] as const)
    .filter((field) => plain(dutchie[field]) !== plain(own[field]))
    .map((field) => ({ field, dutchie: shownValue(field, dutchie[field]), own: shownValue(field, own[field]) }));
  if (rows.length === 0) return <p>{t.nothingDiffers}</p>;
  return <DataTable caption={t.differences} columns={COLUMNS} rows={rows} keyOf={({ field }) => field} />;
}
