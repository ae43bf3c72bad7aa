import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { addDays, localDay } from "../../../src/client/rules.ts";
import { client } from "../client.ts";

const { insights } = client.v1.locations[":location_id"];

/** The store's last whole days, as the API expects them: today is not over. */
export function lastDays(days: number, time_zone: string): { from: string; to: string } {
  const today = localDay(Date.now(), time_zone);
  return { from: addDays(today, -days), to: addDays(today, -1) };
}

/** Computed once a day, or after a sync that read the history. */
const options = { dedupingInterval: 60_000 };

export function useSalesInsights(location_id: string, query: { from: string; to: string }) {
  return useSWR(
    ["insights", location_id, "sales", query],
    () => ok(insights.sales.$get({ param: { location_id }, query: { ...query, limit: 10 } })),
    options,
  );
}

/** null: do not ask. */
export function useCustomerInsights(location_id: string, query: { from: string; to: string } | null) {
  return useSWR(
    query === null ? null : ["insights", location_id, "customers", query],
    () => ok(insights.customers.$get({ param: { location_id }, query: query ?? {} })),
    options,
  );
}
