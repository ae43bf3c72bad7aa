import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { Product } from "../../../../../../src/client/index.ts";
import { CATEGORIES, MAX_FILTER_TEXT, ROOM_TYPES } from "../../../../../../src/client/rules.ts";
import { useCategories } from "../../../../data/records.ts";
import { count, words } from "../../../../format.ts";
import { useMay } from "../../../../session.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { TextField } from "../../../../ui/field.tsx";
import { Select } from "../../../../ui/select.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { useDebounced } from "../../../../use-debounced.ts";
import { useNumberedPage } from "../../../../use-numbered-page.ts";
import { useStore } from "../../store-context.ts";
import { LowStock } from "../low-stock.tsx";
import { RecordList } from "../record-list.tsx";
import { AddProduct } from "./add-product.tsx";
import { PHONE_COLUMNS, productColumns } from "./product-columns.tsx";

const t = texts.inventory;
const SORTS = ["product_name", "-product_name", "unit_price", "-unit_price", "quantity", "-quantity"] as const;
const STATUSES = ["active", "inactive", "deleted", "provisional"] as const;
const ANY = "any" as const;

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
        <div className="w-full sm:w-72">
          {/* Typing makes no steps for the Back button. */}
          <TextField
            label={t.search}
            placeholder={t.searchAbout}
            type="search"
            maxLength={MAX_FILTER_TEXT}
            value={q}
            onChange={({ currentTarget }) => {
              void ask({ q: currentTarget.value || null }, { history: "replace" });
              pages.first();
            }}
          />
        </div>
        <Select
          label={t.category}
          options={[
            { value: ANY, label: t.anyCategory },
            ...CATEGORIES.flatMap((value) => {
              const products = categories.find((each) => each.category === value)?.products;
              if (products === undefined && value !== category) return [];
              return [{ value, label: products === undefined ? words(value) : `${words(value)} (${count(products)})` }];
            }),
          ]}
          value={category ?? ANY}
          onChange={(next) => filter({ category: next === ANY ? null : next })}
        />
        <Select
          label={t.room}
          options={[{ value: ANY, label: t.anyRoom }, ...ROOM_TYPES.map((value) => ({ value, label: words(value) }))]}
          value={room ?? ANY}
          onChange={(next) => filter({ room: next === ANY ? null : next })}
        />
        <Select
          label={t.state}
          options={[{ value: ANY, label: t.anyState }, ...STATUSES.map((value) => ({ value, label: t.states[value] }))]}
          value={status ?? ANY}
          onChange={(next) => filter({ status: next === ANY ? null : next })}
        />
        <LowStock isOn={low} onChange={(next) => filter({ low: next || null })} />
      </RecordList>
      {mayEdit && <AddProduct isOpen={add} onClose={() => void ask({ add: null })} />}
    </>
  );
}
