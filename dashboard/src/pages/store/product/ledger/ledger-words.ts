import { quantity } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import type { LedgerEntry } from "./ledger-of.ts";

const t = texts.product;

/** "+12", "−3", "0": with a true minus, which is as wide as the plus. */
export function changeOf(change: number): string {
  if (change === 0) return "0";
  return change > 0 ? `+${quantity(change)}` : `−${quantity(-change)}`;
}

export const packageWay = (location_id: string, package_id: string): string =>
  `${paths.inventory(location_id, "packages")}?q=${encodeURIComponent(package_id)}`;

/** What made a change, and the address of it. */
export function toldOf(
  { reason, room, ref }: Pick<LedgerEntry, "reason" | "room" | "ref">,
  location_id: string,
): { words: string; href: string | null } {
  const href = ref === null ? null : wayTo(ref, location_id);
  if (ref?.kind === "sale") return { words: texts.inventory.saleNumber(ref.label), href };
  if (reason === "moved" && room !== null) return { words: t.movedTo(room), href };
  return { words: t.reasons[reason], href };
}

function wayTo({ kind, id }: NonNullable<LedgerEntry["ref"]>, location_id: string): string {
  const key = encodeURIComponent(id);
  switch (kind) {
    case "sale":
      return `${paths.inventory(location_id, "sales")}?sale=${key}`;
    case "webhook":
      return `${paths.activity(location_id, "webhooks")}?webhook=${key}`;
    case "sync":
      return `${paths.activity(location_id, "syncs")}?sync=${key}`;
    case "review":
      return `${paths.inboxOf(location_id)}&show=decided`;
  }
}
