import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type AlertChannel, ok } from "../../../src/client/index.ts";
import type { AlertRule } from "../../../src/client/rules.ts";
import { client } from "../client.ts";

const alerts = client.v1.alerts;
const channels = client.v1["alert-channels"];
const CHANNELS = ["alert-channels"];

export function useAlerts(state: "firing" | "all", cursor: string | null = null) {
  return useQuery({
    queryKey: ["alerts", state, cursor],
    queryFn: () => {
      const query = { limit: 50, ...(state === "firing" ? { state } : {}), ...(cursor === null ? {} : { cursor }) };
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

export interface ChannelForm {
  /** Set if the channel is saved. `target` is then a hint until the person enters a new one. */
  channel_id?: string;
  kind: AlertChannel["kind"];
  target: string;
  /** null: all rules. */
  rules: AlertRule[] | null;
  enabled: boolean;
}

export function useAlertChannels() {
  return useQuery({ queryKey: CHANNELS, queryFn: () => ok(channels.$get()) });
}

/** The answer shows the secrets of new webhooks, this once. */
export function useSaveAlertChannels() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (json: ChannelForm[]) => ok(channels.$put({ json })),
    onSuccess: () => queries.invalidateQueries({ queryKey: CHANNELS }),
  });
}

/** Sends the confirmation e-mail again. */
export function useAskRecipient() {
  return useMutation({
    mutationFn: (channel_id: string) => ok(channels[":channel_id"].confirmation.$post({ param: { channel_id } })),
  });
}

export function useTestAlertChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (json: { channel_id: string } | Pick<ChannelForm, "kind" | "target">) =>
      ok(channels.test.$post({ json })),
    // A saved channel shows its last result.
    onSuccess: () => queries.invalidateQueries({ queryKey: CHANNELS }),
  });
}
