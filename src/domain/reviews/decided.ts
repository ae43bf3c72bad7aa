import { SNAPSHOT } from "../snapshots/absence-text.ts";
import type { ReviewKind } from "./review.ts";

/** A decision that was taken: what, and by whom (a person, or who decides without being one). */
interface Decided {
  action: string;
  by: string | null;
}

/** No person kept what a held list left out: a later list has it again. */
export const isListedAgain = ({ action, by }: Decided): boolean => action === "discard" && by === SNAPSHOT;

/** Why a decision cannot be undone, and what to do instead; null: it can. */
export function whyFinal({ kind, ...decided }: Decided & { kind: ReviewKind }): string | null {
  switch (kind) {
    case "duplicate_sku":
    case "ambiguous_match":
      return null;
    case "held_snapshot":
      if (isListedAgain(decided)) return "There is nothing to undo: Dutchie listed them again, and nobody decided.";
      return decided.action === "discard"
        ? null
        : "What is ended cannot be brought back here. If it is there, correct it in Dutchie and start a full sync.";
    case "edit_conflict":
      return "This decision cannot be undone: edit the product again, or let the next sync correct it.";
  }
}
