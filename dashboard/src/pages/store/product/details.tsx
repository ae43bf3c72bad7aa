import type { Change, ProductDetail } from "../../../../../src/client/index.ts";
import { useProductChanges } from "../../../data/records.ts";
import { money, quantity, text, words } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Section } from "../../../ui/card.tsx";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { Facts } from "../../../ui/facts.tsx";
import { Fold } from "../../../ui/fold.tsx";
import { ListState } from "../../../ui/list-state.tsx";
import { Time } from "../../../ui/time.tsx";
import { BeforeAfter, Why } from "../activity/changes/change-cells.tsx";
import { useStore } from "../store-context.ts";

const t = texts.product;

/** Every field of the product, and, folded, every change of one. */
export function Details({ product }: { product: ProductDetail }) {
  const { sku, upc, brand, category, subcategory, dutchie_category, strain_type, status, notes } = product;
  const joined = (parts: (string | null)[], by: string) => parts.filter((part) => part !== null).join(by) || "–";
  return (
    <Section title={t.fields}>
      <Facts
        facts={[
          [t.sku, text(sku)],
          [t.upc, text(upc)],
          [t.brand, text(brand)],
          [
            t.category,
            joined(
              [category, subcategory].map((each) => (each === null ? null : words(each))),
              " › ",
            ),
          ],
          [t.inDutchie, joined([dutchie_category, strain_type], ", ")],
          [t.price, money(product.unit_price)],
          [t.cost, money(product.unit_cost)],
          [t.thc, potency(product.thc_percentage, product.thc_mg)],
          [t.cbd, potency(product.cbd_percentage, product.cbd_mg)],
          [t.state, texts.inventory.states[status]],
          [t.notes, text(notes)],
        ]}
      />
      <Fold summary={t.why}>
        <Changes product={product} />
      </Fold>
    </Section>
  );
}

function potency(share: number | null, mg: number | null): string {
  const known = [share === null ? null : `${quantity(share)}%`, mg === null ? null : `${quantity(mg)} mg`];
  return known.filter((part) => part !== null).join(", ") || "–";
}

const COLUMNS: Column<Change>[] = [
  { id: "when", label: t.time, cell: ({ at }) => <Time at={at} /> },
  { id: "change", label: t.change, cell: (change) => <BeforeAfter change={change} /> },
  { id: "why", label: t.cause, isSecondary: true, cell: (change) => <Why change={change} /> },
];

function Changes({ product: { product_id, dutchie_product_id } }: { product: ProductDetail }) {
  const { location_id } = useStore().location;
  const changes = useProductChanges(location_id, product_id);
  return (
    <div className="flex flex-col gap-3">
      <Facts
        facts={[
          [t.dutchieId, dutchie_product_id ?? t.own],
          [t.reupId, product_id],
        ]}
      />
      <ListState list={changes} what={t.theChanges} notLoaded={t.changesNotLoaded}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="text-dim">{t.noChanges}</p>
          ) : (
            <DataTable caption={t.changes} columns={COLUMNS} rows={data} keyOf={({ change_id }) => change_id} />
          )
        }
      </ListState>
    </div>
  );
}
