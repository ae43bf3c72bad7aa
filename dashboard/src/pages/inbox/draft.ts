import type { Choices } from "./detail/merge-values.ts";

/** What is typed and chosen for an item and not sent yet. It outlives the item's detail, which a key or a filter closes. */
export interface Draft {
  reason: string;
  /** The product that stays in a merge. */
  into: string | null;
  choices: Choices;
}
export type DraftOf = Draft & { item_id: string };

export const NO_DRAFT: DraftOf = { item_id: "", reason: "", into: null, choices: {} };

export const isEmpty = ({ reason, into }: Draft): boolean => reason.trim() === "" && into === null;
