import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { Product } from "../../../../../../src/client/index.ts";
import { CATEGORIES, ROOM_TYPES } from "../../../../../../src/client/rules.ts";
import { useCategories } from "../../../../data/records.ts";
import { count, words } from "../../../../format.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { FilterSelect } from "../../../../ui/filter-select.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { useDebounced } from "../../../../use-debounced.ts";
import { useNumberedPage } from "../../../../use-numbered-page.ts";
import { useStore } from "../../store-context.ts";
import { LowStock } from "../low-stock.tsx";
import { RecordList } from "../record-list.tsx";
import { SearchField } from "../search-field.tsx";
import { AddProduct } from "./add-product.tsx";
import { PHONE_COLUMNS, productColumns } from "./product-columns.tsx";

const t = texts.inventory;
const SORTS = ["product_name", "-product_name", "unit_price", "-unit_price", "quantity", "-quantity"] as const;
const STATUSES = ["active", "inactive", "deleted", "provisional"] as const;

export function ProductList() {
  const { location } = useStore();
  const { location_id } = location;
  const pages = useNumberedPage();
  const [asked, ask] = useQueryStates(
    {
      q: parseAsString.withDefault(""),
      category: parseAsStringLiteral(CATEGORIES),
      status: parseAsStringLiteral(STATUSES),
      room: parseAsStringLiteral(ROOM_TYPES),
      low: parseAsBoolean.withDefault(false),
      sort: parseAsStringLiteral(SORTS),
      add: parseAsBoolean.withDefault(false),
    },
    { history: "push" },
  );
  const { q, category, status, room, low, sort, add } = asked;
  const mayEdit = useMay("manager");
  const isPhone = usePhone();
  const categories = useCategories(location_id).data ?? [];
  const productsIn = (wanted: string) => categories.find((each) => each.category === wanted)?.products;
  const filter = (next: Parameters<typeof ask>[0]) => {
    void ask(next);
    pages.first();
  };
  const chips = [
    ...(q === "" ? [] : [{ label: t.chip(t.search, q), onRemove: () => filter({ q: null }) }]),
    ...(category === null
      ? []
      : [{ label: t.chip(t.category, words(category)), onRemove: () => filter({ category: null }) }]),
    ...(room === null ? [] : [{ label: t.chip(t.room, words(room)), onRemove: () => filter({ room: null }) }]),
    ...(status === null
      ? []
      : [{ label: t.chip(t.state, t.states[status]), onRemove: () => filter({ status: null }) }]),
    ...(low ? [{ label: t.lowStock, onRemove: () => filter({ low: null }) }] : []),
  ];
  return (
    <>
      <RecordList<Product>
        kind="products"
        words={t.products}
        filters={{
          search: useDebounced(q),
          category: category ?? "",
          status: status ?? "",
          room_type: room ?? "",
          low_stock: low ? "true" : "",
        }}
        chips={chips}
        onClear={() => filter({ q: null, category: null, status: null, room: null, low: null })}
        pages={pages}
        sort={sort ?? ""}
        onSort={(next) => filter({ sort: SORTS.find((known) => known === next) ?? null })}
        columns={isPhone ? PHONE_COLUMNS(location_id) : productColumns(location_id)}
        keyOf={({ product_id }) => product_id}
        actions={
          mayEdit && (
            <Button size="sm" onClick={() => void ask({ add: true })}>
              {t.addProduct}
            </Button>
          )
        }
      >
        <SearchField
          placeholder={t.searchAbout}
          value={q}
          onType={(next) => {
            void ask({ q: next }, { history: "replace" });
            pages.first();
          }}
        />
        <FilterSelect
          label={t.category}
          any={t.anyCategory}
          choices={CATEGORIES.filter((each) => each === category || productsIn(each) !== undefined)}
          labelOf={(each) => {
            const products = productsIn(each);
            return products === undefined ? words(each) : `${words(each)} (${count(products)})`;
          }}
          value={category}
          onChange={(next) => filter({ category: next })}
        />
        <FilterSelect
          label={t.room}
          any={t.anyRoom}
          choices={ROOM_TYPES}
          labelOf={words}
          value={room}
          onChange={(next) => filter({ room: next })}
        />
        <FilterSelect
          label={t.state}
          any={t.anyState}
          choices={STATUSES}
          labelOf={(each) => t.states[each]}
          value={status}
          onChange={(next) => filter({ status: next })}
        />
        <LowStock isOn={low} onChange={(next) => filter({ low: next || null })} />
      </RecordList>
      {mayEdit && <AddProduct isOpen={add} onClose={() => void ask({ add: null })} />}
    </>
  );
}
