import { Bell, CircleHelp, MailWarning, PencilOff } from "lucide-react";
import type { FleetStore } from "../../data/fleet.ts";
import { storeOf } from "../../data/inbox.ts";
import type { InboxItem, InboxKind } from "../../data/inbox-items.ts";
import { money } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Checkbox } from "../../ui/checkbox.tsx";
import { classes } from "../../ui/classes.ts";
import { Link } from "../../ui/link.tsx";
import { Time } from "../../ui/time.tsx";
import { wordsOf } from "./item-words.ts";

const t = texts.inbox;
const ICONS = { decision: CircleHelp, alert: Bell, message: MailWarning, edit: PencilOff } satisfies Record<
  InboxKind,
  unknown
>;

export interface InboxListProps {
  items: readonly InboxItem[];
  stores: readonly FleetStore[] | undefined;
  current: string | null;
  hrefOf: (item_id: string) => string;
  onOpen: (item_id: string) => void;
  /** null: this person may not decide, so nothing is chosen. */
  chosen: ReadonlySet<string> | null;
  onChoose: (item_id: string, isChosen: boolean) => void;
}

/** What happened, what it means for the shelf, where and since when. */
export function InboxList({ items, stores, current, hrefOf, onOpen, chosen, onChoose }: InboxListProps) {
  return (
    <ul aria-label={t.list} className="overflow-hidden rounded-lg border border-line bg-surface">
      {items.map((item) => {
        const { item_id, kind, location_id, since, value_at_stake } = item;
        const { title, consequence } = wordsOf(item);
        const Icon = ICONS[kind];
        const name = storeOf(stores, location_id)?.name ?? location_id;
        const isCurrent = item_id === current;
        return (
          <li
            key={item_id}
            className={classes(
              "flex gap-2 border-b border-l-4 border-b-line px-3 py-2.5 last:border-b-0",
              isCurrent ? "border-l-brand bg-raised" : "border-l-transparent",
            )}
          >
            {chosen !== null && (
              <Checkbox
                isBare
                label={texts.common.choose(`${title}, ${name}`)}
                checked={chosen.has(item_id)}
                onChange={(now) => onChoose(item_id, now)}
              />
            )}
            <Link
              isPlain
              href={hrefOf(item_id)}
              data-item={item_id}
              {...(isCurrent ? { "aria-current": "true" as const } : {})}
              onClick={() => onOpen(item_id)}
              className="flex min-w-0 flex-1 gap-2"
            >
              <Icon aria-hidden size={18} className="mt-0.5 shrink-0 text-dim" />
              <span className="min-w-0">
                <span className="line-clamp-3 font-medium wrap-anywhere">{title}</span>
                <span className="block text-sm">{consequence}</span>
                <span className="block text-sm text-dim">
                  <bdi className="wrap-anywhere">{name}</bdi> · <Time at={since} isRelative />
                  {value_at_stake !== null && value_at_stake > 0 && ` · ${t.worth(money(value_at_stake))}`}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
