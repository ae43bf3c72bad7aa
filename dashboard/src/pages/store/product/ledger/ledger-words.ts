import type { LedgerEntry } from "../../../../../../src/client/index.ts";
import { quantity } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";

const t = texts.product;

/** "+12", "−3", "0": with a true minus, which is as wide as the plus. */
export function changeOf(change: number): string {
  if (change === 0) return "0";
  return change > 0 ? `+${quantity(change)}` : `−${quantity(-change)}`;
}

export const packageWay = (location_id: string, package_id: string): string =>
  `${paths.inventory(location_id, "packages")}?q=${encodeURIComponent(package_id)}`;

type Told = Pick<LedgerEntry, "reason" | "change" | "room_name" | "ref">;

/** What made a change, and the address of it. */
export function toldOf(entry: Told, location_id: string): { words: string; href: string | null } {
  const { reason, change, room_name, ref } = entry;
  const href = ref === null ? null : wayTo(ref, location_id);
  if (ref?.kind === "sale") return { words: ref.label, href };
  if (reason === "moved") return { words: change < 0 ? t.movedFrom(room_name) : t.movedTo(room_name), href };
  return { words: t.reasons[reason], href };
}

function wayTo({ kind, id }: NonNullable<Told["ref"]>, location_id: string): string {
  const key = encodeURIComponent(id);
  switch (kind) {
    case "sale":
      return `${paths.inventory(location_id, "sales")}?sale=${key}`;
    case "event":
      return `${paths.activity(location_id, "webhooks")}?webhook=${key}`;
    case "run":
      return `${paths.activity(location_id, "syncs")}?sync=${key}`;
    case "review":
      return `${paths.inboxOf(location_id)}&show=decided`;
  }
}
