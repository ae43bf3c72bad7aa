import { parseAsString, useQueryState } from "nuqs";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { FleetStore } from "../../data/fleet.ts";
import { storeOf } from "../../data/inbox.ts";
import { acts } from "../../data/inbox-acts.ts";
import type { InboxItem } from "../../data/inbox-items.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Notice } from "../../ui/notice.tsx";
import { fitsReason } from "../../ui/reason-field.tsx";
import { usePhone } from "../../ui/use-phone.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { InboxDetail } from "./detail/inbox-detail.tsx";
import { type DraftOf, NO_DRAFT } from "./draft.ts";
import { useInboxKeys } from "./inbox-keys.ts";
import { InboxList } from "./inbox-list.tsx";
import { wordsOf } from "./item-words.ts";
import { useSettle } from "./use-settle.ts";
import { useWait } from "./use-wait.ts";

const t = texts.inbox;
/** Nobody settles more before the list is loaded again; the rest is counted. */
const LISTED = 200;

export interface WaitingProps {
  items: readonly InboxItem[];
  stores: readonly FleetStore[] | undefined;
  /** When all of them are settled: another kind or store may still have some. */
  nothing: ReactNode;
  draft: DraftOf;
  onDraft: (draft: DraftOf) => void;
}

/** The list, and beside it the item that is looked at. */
export function Waiting({ items, stores, nothing, draft, onDraft }: WaitingProps) {
  const [item_id, setItem] = useQueryState("item", parseAsString);
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set());
  const [decided_at, setDecidedAt] = useState<number | null>(null);
  const detail = useRef<{ focus: () => void }>(null);
  const mayAct = useMay("manager");
  const isPhone = usePhone();

  const { hidden, settle, isBusy } = useSettle((ids) => {
    setDecidedAt(Date.now());
    if (ids.has(draft.item_id)) onDraft(NO_DRAFT);
    choose((before) => new Set([...before].filter((id) => !ids.has(id))));
    if (current === undefined || !ids.has(current.item_id)) return;
    const rest = waiting.slice(waiting.indexOf(current)).find((each) => !ids.has(each.item_id));
    const next = rest ?? waiting.findLast((each) => !ids.has(each.item_id));
    void setItem(isPhone ? null : (next?.item_id ?? null), { history: "replace" });
    detail.current?.focus();
  });
  const waiting = items.filter((each) => !hidden.has(each.item_id));
  const listed = waiting.slice(0, LISTED);
  const asked = waiting.find((each) => each.item_id === item_id);
  const current = asked ?? (item_id === null && !isPhone ? listed[0] : undefined);
  const isWaiting = useWait(decided_at) || isBusy;
  const own = draft.item_id === current?.item_id ? draft : NO_DRAFT;

  // What is shown stays: the list is read again, and another item could take its place under a person's hand.
  const pinned = item_id === null ? current?.item_id : undefined;
  useEffect(() => {
    if (pinned !== undefined) void setItem(pinned, { history: "replace" });
  }, [pinned, setItem]);

  const move = (step: number) => {
    const at = listed.findIndex((each) => each.item_id === current?.item_id);
    const next = listed[Math.max(0, Math.min(listed.length - 1, at + step))];
    if (next === undefined) return;
    void setItem(next.item_id, { history: "replace" });
    document.querySelector<HTMLElement>(`[data-item="${CSS.escape(next.item_id)}"]`)?.focus();
  };
  /** What needs no decision is settled at a key; a decision is only opened. */
  const settleCurrent = () => {
    if (current === undefined || isWaiting || !mayAct || !fitsReason(own.reason)) return;
    if (current.kind === "decision") return detail.current?.focus();
    const why = own.reason.trim() || undefined;
    if (current.kind === "alert") {
      const { alert } = current;
      const send = () => acts.markSeen(alert, why);
      return void settle({ items: [current], send, said: t.markedSeen, isDelayed: true });
    }
    void settle({ items: [current], send: (item) => acts.sendAgain(item, why), said: t.sentAgain });
  };
  useInboxKeys({
    next: () => move(1),
    previous: () => move(-1),
    open: () => detail.current?.focus(),
    settle: settleCurrent,
  });

  const hrefOf = (id: string) => {
    const query = new URLSearchParams(location.search);
    query.set("item", id);
    return `/inbox?${query}`;
  };
  const shown = current && (
    <InboxDetail
      key={current.item_id}
      ref={detail}
      item={current}
      store={storeOf(stores, current.location_id)}
      isBare={isPhone}
      draft={own}
      onDraft={(change) => onDraft({ ...own, ...change, item_id: current.item_id })}
      {...{ settle, isWaiting, mayAct }}
    />
  );
  const gone = item_id !== null && asked === undefined && (
    <Notice tone="info" title={t.settled}>
      {t.settledAbout}
    </Notice>
  );
  if (waiting.length === 0) return nothing;
  return (
    <>
      <p className="text-sm text-dim max-md:hidden">{t.keys}</p>
      <div className="grid items-start gap-4 md:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div>
          <InboxList
            items={listed}
            stores={stores}
            current={current?.item_id ?? null}
            hrefOf={hrefOf}
            onOpen={(id) => id === current?.item_id && detail.current?.focus()}
            chosen={mayAct ? chosen : null}
            onChoose={(id, isChosen) =>
              choose((before) => new Set(isChosen ? [...before, id] : [...before].filter((each) => each !== id)))
            }
          />
          {waiting.length > LISTED && <p className="mt-2 text-sm text-dim">{t.shown(LISTED, waiting.length)}</p>}
          {chosen.size > 0 && (
            <BulkBar
              items={waiting.filter((each) => chosen.has(each.item_id))}
              settle={settle}
              isBusy={isWaiting}
              onClear={() => choose(new Set())}
            />
          )}
        </div>
        {isPhone ? (
          <Dialog
            isPanel
            isOpen={item_id !== null}
            onClose={() => void setItem(null)}
            title={current === undefined ? t.settled : wordsOf(current).title}
          >
            {shown ?? gone}
          </Dialog>
        ) : (
          <section
            aria-label={texts.common.details}
            className="sticky top-4 max-h-[calc(100dvh-2rem)] overflow-y-auto rounded-lg border border-line bg-surface p-4"
          >
            {shown ?? (gone || t.nothingChosen)}
          </section>
        )}
      </div>
    </>
  );
}
