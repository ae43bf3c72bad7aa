import useSWR, { useSWRConfig } from "swr";
import { type AlertChannel, ok } from "../../../src/client/index.ts";
import type { AlertRule } from "../../../src/client/rules.ts";
import { client } from "../client.ts";
import { useChange } from "../use-change.ts";

const channels = client.v1["alert-channels"];
const CHANNELS = ["alert-channels"];

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
  return useSWR(CHANNELS, () => ok(channels.$get()), { revalidateOnFocus: false });
}

/** The answer shows the secrets of new webhooks, this once. */
export function useSaveAlertChannels(done: (saved: AlertChannel[]) => void) {
  const { mutate } = useSWRConfig();
  return useChange(
    "save alert channels",
    (json: ChannelForm[]) => ok(channels.$put({ json })),
    async (saved) => {
      done(saved);
      await mutate(CHANNELS);
    },
  );
}

/** Sends the confirmation e-mail again. */
export function useAskRecipient(channel_id: string) {
  return useChange(`ask ${channel_id}`, () =>
    ok(channels[":channel_id"].confirmation.$post({ param: { channel_id } })),
  );
}

export function useTestAlertChannel(key: string) {
  const { mutate } = useSWRConfig();
  return useChange(
    `test channel ${key}`,
    (json: { channel_id: string } | Pick<ChannelForm, "kind" | "target">) => ok(channels.test.$post({ json })),
    // A saved channel shows its last result.
    () => mutate(CHANNELS),
  );
}
