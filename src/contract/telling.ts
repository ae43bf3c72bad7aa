import type { ToldEntry } from "../domain/feed/change-messages.ts";
import type { Window } from "../domain/feed/delivery.ts";
import { z } from "./http/common.ts";
import { version } from "./messages.ts";

/** A message of the queue NOTICES: send a receiver what waits for it of a store. `resume`: though it was parked. */
export const tellMessage = z.object({
  v: version,
  location_id: z.string(),
  subscription_id: z.string(),
  resume: z.literal(true).optional(),
});
export type TellMessage = z.infer<typeof tellMessage>;

export interface ClaimedChanges extends Window {
  entries: ToldEntry[];
  /** The store's last successful sync, ms. */
  synced_at: number | null;
}
