import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const insights = client.v1.locations[":location_id"].insights;
const DAY_MS = 86_400_000;

/** The store's last whole days, as the API expects them: today is not over. */
export function lastDays(days: number, time_zone: string, now = Date.now()): { from: string; to: string } {
  const today = Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: time_zone }).format(now));
  const day = (back: number) => new Date(today - back * DAY_MS).toISOString().slice(0, 10);
  return { from: day(days), to: day(1) };
}

/** Computed once a day, or after a sync that read the history. */
const options = { staleTime: 60_000, placeholderData: keepPreviousData };

export function useSalesInsights(location_id: string, query: { from: string; to: string }) {
  return useQuery({
    ...options,
    queryKey: ["insights", location_id, "sales", query],
    queryFn: () => ok(insights.sales.$get({ param: { location_id }, query: { ...query, limit: 10 } })),
  });
}

export function useCustomerInsights(location_id: string, query: { from: string; to: string }) {
  return useQuery({
    ...options,
    queryKey: ["insights", location_id, "customers", query],
    queryFn: () => ok(insights.customers.$get({ param: { location_id }, query })),
  });
}
