import { z } from "zod";
import type { KeyRing } from "../security/key-ring.ts";
import { open, seal } from "../security/seal.ts";

/** The secrets of a channel. Only webhooks are signed. */
const channelSecrets = z.object({ target: z.string(), secret: z.string().nullable() });
export type ChannelSecrets = z.infer<typeof channelSecrets>;

export function sealChannel(ring: KeyRing, channel_id: string, value: ChannelSecrets): Promise<string> {
  return seal(ring, "alert_target", channel_id, JSON.stringify(value));
}

/** null: no key of the ring opens it. */
export async function openChannel(
  ring: KeyRing,
  { channel_id, sealed }: { channel_id: string; sealed: string },
): Promise<ChannelSecrets | null> {
  const opened = await open(ring, "alert_target", channel_id, sealed);
  return opened.ok ? channelSecrets.parse(JSON.parse(opened.plaintext)) : null;
}
