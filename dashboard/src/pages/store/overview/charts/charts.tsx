import { useStore } from "../../store-context.ts";
import { DelayChart } from "./delay-chart.tsx";
import { SalesChart } from "./sales-chart.tsx";

export default function Charts() {
  const { data_types } = useStore().location.settings;
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {data_types.sales && <SalesChart />}
      <DelayChart />
    </div>
  );
}
