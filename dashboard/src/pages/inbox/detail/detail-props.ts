import type { FleetStore } from "../../../data/fleet.ts";
import type { InboxItem } from "../../../data/inbox-items.ts";
import type { Draft } from "../draft.ts";
import type { Settle } from "../use-settle.ts";

export interface DetailProps<K extends InboxItem["kind"]> {
  item: Extract<InboxItem, { kind: K }>;
  store: FleetStore | undefined;
  settle: Settle["settle"];
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  /** Why this person decides so; undefined: they have not said. */
  reason?: string | undefined;
  /** The buttons wait: one decision was taken just now, or is on its way. */
  isWaiting: boolean;
  /** Whether this person may decide. */
  mayAct: boolean;
}
