import { Group, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { PageTitle } from "../../../components/page-title.tsx";
import { lastDays } from "../../../data/insights.ts";
import { useStore } from "../store-context.ts";
import { CustomerInsights } from "./customer-insights.tsx";
import { SalesInsights } from "./sales-insights.tsx";

const KINDS = [
  { label: "Sales", value: "sales" },
  { label: "Customers", value: "customers" },
];

const RANGES = [
  { label: "7 days", value: "7" },
  { label: "30 days", value: "30" },
  { label: "90 days", value: "90" },
];

export default function InsightsPage() {
  const { location } = useStore();
  const [kind, setKind] = useState("sales");
  const [days, setDays] = useState("30");
  const Insights = kind === "sales" ? SalesInsights : CustomerInsights;
  return (
    <>
      <PageTitle title="Insights" where="Reports > Insights">
        <Group gap="xs">
          <SegmentedControl data={KINDS} value={kind} onChange={setKind} aria-label="Kind of insights" />
          <SegmentedControl data={RANGES} value={days} onChange={setDays} aria-label="Time range" />
        </Group>
      </PageTitle>
      <Insights {...lastDays(Number(days), location.time_zone)} />
    </>
  );
}
