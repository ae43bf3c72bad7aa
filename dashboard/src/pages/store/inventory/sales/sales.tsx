import { parseAsStringLiteral, useQueryState } from "nuqs";
import { texts } from "../../../../texts.ts";
import { Segments } from "../../../../ui/segments.tsx";
import { SaleList } from "./sale-list.tsx";
import { SalesFigures } from "./sales-figures.tsx";

const t = texts.inventory;
const VIEWS = ["list", "figures"] as const;

/** Each sale, or what sells and what does not. */
export function Sales() {
  const [view, show] = useQueryState(
    "view",
    parseAsStringLiteral(VIEWS).withDefault("list").withOptions({ history: "push" }),
  );
  return (
    <>
      <div className="mb-3">
        <Segments
          label={t.salesView}
          options={VIEWS.map((value) => ({ value, label: t.salesViews[value] }))}
          value={view}
          onChange={(next) => void show(next)}
        />
      </div>
      {view === "list" ? <SaleList /> : <SalesFigures />}
    </>
  );
}
