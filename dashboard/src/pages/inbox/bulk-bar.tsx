import { acts } from "../../data/inbox-acts.ts";
import type { InboxItem } from "../../data/inbox-items.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import type { Settle } from "./use-settle.ts";

const t = texts.inbox;

type Of<K extends InboxItem["kind"]> = Extract<InboxItem, { kind: K }>;

export interface BulkBarProps {
  items: readonly InboxItem[];
  settle: Settle["settle"];
  isBusy: boolean;
  onClear: () => void;
}

/** What can be done with several at once. Nothing here merges or sets to zero: such a thing is looked at one by one. */
export function BulkBar({ items, settle, isBusy, onClear }: BulkBarProps) {
  const alerts = items.filter((item): item is Of<"alert"> => item.kind === "alert");
  const unsent = items.filter(
    (item): item is Of<"edit"> | Of<"message"> => item.kind === "edit" || item.kind === "message",
  );
  const duplicates = items.filter(
    (item): item is Of<"decision"> =>
      item.kind === "decision" && ["duplicate_sku", "ambiguous_match"].includes(item.review.kind),
  );
  const run = (work: Promise<void>) => void work.then(onClear);
  return (
    <div className="sticky bottom-3 z-20 mt-3 flex flex-wrap items-center gap-2 rounded-lg border border-edge bg-surface p-3 shadow-lg">
      <p role="status" className="mr-auto">
        {t.chosen(items.length)}
      </p>
      <Button onClick={onClear}>{t.clear}</Button>
      {alerts.length > 0 && (
        <Button
          disabled={isBusy}
          onClick={() =>
            run(
              settle({
                items: alerts,
                send: ({ alert }) => acts.markSeen(alert),
                said: t.markedSeen,
                isDelayed: true,
              }),
            )
          }
        >
          {t.bulkSeen(alerts.length)}
        </Button>
      )}
      {unsent.length > 0 && (
        <Button
          disabled={isBusy}
          onClick={() => run(settle({ items: unsent, send: (item) => acts.sendAgain(item), said: t.sentAgain }))}
        >
          {t.bulkSend(unsent.length)}
        </Button>
      )}
      {duplicates.length > 0 && (
        <Button
          disabled={isBusy}
          onClick={() =>
            run(
              settle({
                items: duplicates,
                send: (item) => acts.decide(item, { action: "keep_both" }),
                said: t.keptApart,
                undo: ({ location_id, review }) => acts.undo(location_id, review.review_id),
              }),
            )
          }
        >
          {t.bulkApart(duplicates.length)}
        </Button>
      )}
    </div>
  );
}
