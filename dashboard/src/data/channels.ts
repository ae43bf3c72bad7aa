import useSWR, { useSWRConfig } from "swr";
import { ok, ReupError } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { texts } from "../texts.ts";
import { useChange } from "../use-change.ts";
import { type ChannelForm, formOf, isSameList } from "./channel-form.ts";

const channels = client.v1["alert-channels"];
const CHANNELS = ["alert-channels"];

export function useAlertChannels() {
  return useSWR(CHANNELS, () => ok(channels.$get()), { revalidateOnFocus: false });
}

interface ChannelChange {
  /** The list that was edited. */
  opened: readonly ChannelForm[];
  edited: readonly ChannelForm[];
}

/** The API replaces the whole list: a channel that somebody else added meanwhile would be gone. */
async function save({ opened, edited }: ChannelChange) {
  const now = await ok(channels.$get());
  if (!isSameList(now.map(formOf), opened)) throw new ReupError(409, CHANGED, texts.notifications.changedMeanwhile);
  return ok(channels.$put({ json: [...edited] }));
}

const CHANGED = "CHANGED_MEANWHILE";
export const isChangedMeanwhile = (error: unknown) => error instanceof ReupError && error.code === CHANGED;

/** The answer shows the secrets of new webhooks, this once. */
export function useSaveAlertChannels(done: (saved: Awaited<ReturnType<typeof save>>) => void) {
  const { mutate } = useSWRConfig();
  return useChange("save alert channels", save, async (saved) => {
    done(saved);
    await mutate(CHANNELS);
  });
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
