import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { fetchJson, sendJson } from "./plain.ts";

const alerts = client.v1.alerts;

export interface AlertChannel {
  kind: "webhook" | "slack" | "email";
  target: string;
  rules?: string[];
  enabled: boolean;
}

export function useAlerts(state: "firing" | "all", cursor: string | null = null) {
  return useQuery({
    queryKey: ["alerts", state, cursor],
    queryFn: () => {
      const query = { limit: "50", ...(state === "firing" ? { state } : {}), ...(cursor === null ? {} : { cursor }) };
      return ok(alerts.$get({ query }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });
}

export function useAcknowledgeAlert() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (alert_id: string) => ok(alerts[":alert_id"].acknowledge.$post({ param: { alert_id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

// Channels are not among the routes that the client is typed by yet.

export function useAlertChannels() {
  return useQuery({
    queryKey: ["alert-channels"],
    queryFn: async () => {
      const answer = await fetchJson<AlertChannel[] | { data: AlertChannel[] }>("/v1/alert-channels");
      return Array.isArray(answer) ? answer : answer.data;
    },
  });
}

export function useSaveAlertChannels() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (channels: AlertChannel[]) => sendJson("PUT", "/v1/alert-channels", channels),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["alert-channels"] }),
  });
}

export function useTestAlertChannel() {
  return useMutation({ mutationFn: (channel: AlertChannel) => sendJson("POST", "/v1/alert-channels/test", channel) });
}
