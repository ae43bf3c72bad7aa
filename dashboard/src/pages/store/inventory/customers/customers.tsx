import { useQueryState } from "nuqs";
import { lastDays, useCustomerInsights } from "../../../../data/insights.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Button } from "../../../../ui/button.tsx";
import { Empty } from "../../../../ui/empty.tsx";
import { Link } from "../../../../ui/link.tsx";
import { ListState } from "../../../../ui/list-state.tsx";
import { Segments } from "../../../../ui/segments.tsx";
import { useStore } from "../../store-context.ts";
import { spanOptions, spanParser } from "../spans.ts";
import { CustomerFigures } from "./customer-figures.tsx";

const t = texts.inventory;

/** How customers buy and come again. No figure is about one person. */
export function Customers() {
  return useStore().location.settings.data_types.customers ? <Answer /> : <SwitchedOff />;
}

function SwitchedOff() {
  const { location_id, settings } = useStore().location;
  return (
    <Empty
      title={t.customersOff}
      action={
        <Button asChild>
          <Link isPlain href={paths.settings(location_id)}>
            {t.goToSettings}
          </Link>
        </Button>
      }
    >
      {t.customersOffAbout(settings.sales_history_days)}
    </Empty>
  );
}

function Answer() {
  const { location_id, time_zone } = useStore().location;
  const [span, setSpan] = useQueryState("days", spanParser);
  const customers = useCustomerInsights(location_id, lastDays(Number(span), time_zone));
  return (
    <div className="flex flex-col gap-4">
      <Segments label={t.period} options={spanOptions} value={span} onChange={(next) => void setSpan(next)} />
      <ListState list={customers} what={t.theFigures} notLoaded={t.figuresNotLoaded}>
        {(data) =>
          data.visits.known === 0 ? (
            <Empty title={t.noCustomers}>{t.noCustomersAbout}</Empty>
          ) : (
            <CustomerFigures insights={data} />
          )
        }
      </ListState>
    </div>
  );
}
