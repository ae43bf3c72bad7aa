import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { InventoryItem } from "../../../../../../src/client/index.ts";
import { ROOM_TYPES } from "../../../../../../src/client/rules.ts";
import { words } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { FilterSelect } from "../../../../ui/filter-select.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { useDebounced } from "../../../../use-debounced.ts";
import { useNumberedPage } from "../../../../use-numbered-page.ts";
import { useStore } from "../../store-context.ts";
import { LowStock } from "../low-stock.tsx";
import { RecordList } from "../record-list.tsx";
import { SearchField } from "../search-field.tsx";
import { PHONE_COLUMNS, packageColumns } from "./package-columns.tsx";

const t = texts.inventory;
const SORTS = ["product_name", "-product_name", "quantity", "-quantity"] as const;

/** The packages in stock, one row a room. */
export function PackageList() {
  const { location_id } = useStore().location;
  const pages = useNumberedPage();
  const isPhone = usePhone();
  const [{ q, room, low, sort }, ask] = useQueryStates(
    {
      q: parseAsString.withDefault(""),
      room: parseAsStringLiteral(ROOM_TYPES),
      low: parseAsBoolean.withDefault(false),
      sort: parseAsStringLiteral(SORTS),
    },
    { history: "push" },
  );
  const filter = (next: Parameters<typeof ask>[0]) => {
    void ask(next);
    pages.first();
  };
  const chips = [
    ...(q === "" ? [] : [{ label: t.chip(t.search, q), onRemove: () => filter({ q: null }) }]),
    ...(room === null ? [] : [{ label: t.chip(t.room, words(room)), onRemove: () => filter({ room: null }) }]),
    ...(low ? [{ label: t.lowStock, onRemove: () => filter({ low: null }) }] : []),
  ];
  return (
    <RecordList<InventoryItem>
      kind="inventory"
      words={t.packages}
      filters={{ search: useDebounced(q), room_type: room ?? "", low_stock: low ? "true" : "" }}
      chips={chips}
      onClear={() => filter({ q: null, room: null, low: null })}
      pages={pages}
      sort={sort ?? ""}
      onSort={(next) => filter({ sort: SORTS.find((known) => known === next) ?? null })}
      columns={isPhone ? PHONE_COLUMNS(location_id) : packageColumns(location_id)}
      keyOf={({ inventory_id }) => inventory_id}
    >
      <SearchField
        placeholder={t.searchPackages}
        value={q}
        onType={(next) => {
          void ask({ q: next }, { history: "replace" });
          pages.first();
        }}
      />
      <FilterSelect
        label={t.room}
        any={t.anyRoom}
        choices={ROOM_TYPES}
        labelOf={words}
        value={room}
        onChange={(next) => filter({ room: next })}
      />
      <LowStock isOn={low} onChange={(next) => filter({ low: next || null })} />
    </RecordList>
  );
}
