import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import type { Sale } from "../../../../../../src/client/index.ts";
import { day as nameOf } from "../../../../format.ts";
import { texts } from "../../../../texts.ts";
import { TextField } from "../../../../ui/field.tsx";
import { usePhone } from "../../../../ui/use-phone.ts";
import { useNumberedPage } from "../../../../use-numbered-page.ts";
import { useWayWith } from "../../../../use-way-with.ts";
import { useStore } from "../../store-context.ts";
import { RecordList } from "../record-list.tsx";
import { PHONE_COLUMNS, saleColumns } from "./sale-columns.tsx";
import { dayOrEmpty, isTyping, problemOf, spanOf } from "./sale-days.ts";
import { SalePanel } from "./sale-panel.tsx";

const t = texts.inventory;
const SORTS = ["total", "-total"] as const;

/** The sales, the newest first. */
export function SaleList() {
  const { time_zone } = useStore().location;
  const pages = useNumberedPage();
  const isPhone = usePhone();
  const wayWith = useWayWith();
  const [{ from, to, sale, sort }, ask] = useQueryStates(
    {
      from: parseAsString.withDefault(""),
      to: parseAsString.withDefault(""),
      sale: parseAsString,
      sort: parseAsStringLiteral(SORTS),
    },
    { history: "push" },
  );
  const days = { from: dayOrEmpty(from), to: dayOrEmpty(to) };
  const problem = problemOf(days);
  const filter = (next: Parameters<typeof ask>[0]) => {
    // All that is typed of a year is one step back.
    void ask(next, isTyping(days.from) || isTyping(days.to) ? { history: "replace" } : {});
    pages.first();
  };
  const chips = [
    ...(days.from === "" ? [] : [{ label: t.chip(t.from, nameOf(days.from)), onRemove: () => filter({ from: null }) }]),
    ...(days.to === "" ? [] : [{ label: t.chip(t.until, nameOf(days.to)), onRemove: () => filter({ to: null }) }]),
  ];
  const wayTo = ({ sale_id }: Sale) => wayWith("sale", sale_id);
  return (
    <>
      <RecordList<Sale>
        kind="sales"
        words={t.sales}
        filters={problem === null ? spanOf(days, time_zone) : null}
        chips={chips}
        onClear={() => filter({ from: null, to: null })}
        pages={pages}
        sort={sort ?? ""}
        onSort={(next) => filter({ sort: SORTS.find((known) => known === next) ?? null })}
        columns={isPhone ? PHONE_COLUMNS(wayTo) : saleColumns(wayTo)}
        keyOf={({ sale_id }) => sale_id}
      >
        <TextField
          label={t.from}
          type="date"
          value={days.from}
          onChange={({ currentTarget }) => filter({ from: currentTarget.value || null })}
        />
        <TextField
          label={t.until}
          type="date"
          min={days.from}
          error={problem}
          value={days.to}
          onChange={({ currentTarget }) => filter({ to: currentTarget.value || null })}
        />
      </RecordList>
      <SalePanel sale_id={sale} onClose={() => void ask({ sale: null })} />
    </>
  );
}
