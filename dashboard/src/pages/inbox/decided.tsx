import { toast } from "sonner";
import type { InboxItem } from "../../../../src/client/index.ts";
import { isListedAgain, REVIEW_KINDS, whyFinal } from "../../../../src/client/rules.ts";
import type { FleetStore } from "../../data/fleet.ts";
import { storeOf } from "../../data/inbox.ts";
import { DECIDED_ROWS, useDecided, useUndoDecision } from "../../data/inbox-acts.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Paged } from "../../ui/paged.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";
import type { useNumberedPage } from "../../use-numbered-page.ts";

const t = texts.inbox;

export interface DecidedProps {
  /** Empty: all stores. */
  location_id: string;
  stores: readonly FleetStore[] | undefined;
  pages: ReturnType<typeof useNumberedPage>;
}

/** What was decided, by whom, when and why. Most of it can be undone. */
export function Decided({ location_id, stores, pages }: DecidedProps) {
  const decided = useDecided(location_id, pages.page);
  if (decided.error !== undefined)
    return <Problem what={t.decisionsNotLoaded} error={decided.error} retry={() => decided.mutate()} />;
  if (decided.data === undefined) return <Loading what={t.theDecisions} />;
  const { data, pagination, unread_stores, is_cut } = decided.data;
  const last = Math.max(1, Math.ceil(pagination.total / DECIDED_ROWS));
  const nameOf = (id: string) => storeOf(stores, id)?.name ?? id;
  return (
    <>
      {unread_stores.length > 0 && (
        <Notice tone="warn" title={t.notAllLoaded(unread_stores.map(nameOf).join(", "))}>
          {t.notAllLoadedAbout}
        </Notice>
      )}
      {is_cut && <p className="text-sm text-dim">{t.latestOnly}</p>}
      <Paged
        isEmpty={data.length === 0}
        empty={unread_stores.length === 0 && <Empty title={t.noneDecided} />}
        page={pages.page}
        pages={last}
        hasNext={pages.page < last}
        isBusy={decided.isLoading}
        onPage={pages.go}
      >
        <ul aria-label={t.decided} className="overflow-hidden rounded-lg border border-line bg-surface">
          {data.map((item) => (
            <li
              key={item.item_id}
              className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2.5 last:border-b-0"
            >
              <div className="min-w-0">
                <p className="line-clamp-3 font-medium wrap-anywhere" title={item.title}>
                  {item.title}
                </p>
                <p className="text-sm wrap-anywhere text-dim">
                  {wordsOf(item)} · <Time at={item.decision?.at ?? null} isRelative />
                  {location_id === "" && (
                    <>
                      {" "}
                      · <bdi>{nameOf(item.location_id)}</bdi>
                    </>
                  )}
                </p>
              </div>
              <Undo item={item} />
            </li>
          ))}
        </ul>
      </Paged>
    </>
  );
}

/** The review whose decision can be undone. */
function undoable({ action, decision, details }: InboxItem): string | null {
  const kind = REVIEW_KINDS.find((each) => each === details.kind);
  const { review_id } = details;
  if (kind === undefined || typeof review_id !== "string") return null;
  return whyFinal({ kind, action, by: decision?.by ?? null }) === null ? review_id : null;
}

const wordsOf = ({ action, decision }: InboxItem): string =>
  isListedAgain({ action, by: decision?.by ?? null })
    ? t.listedAgain
    : `${t.did[action] ?? t.decided} ${texts.common.decidedBy(decision)}`;

function Undo({ item }: { item: InboxItem }) {
  const mayAct = useMay("manager");
  const undo = useUndoDecision(item.location_id, (isOpen) => toast.success(isOpen ? t.undone : t.undoneApart));
  const review_id = undoable(item);
  if (!mayAct || review_id === null) return null;
  return (
    <>
      <Button
        size="sm"
        busy={undo.isBusy}
        aria-label={`${t.undoDecision}: ${item.title}`}
        onClick={() => void undo.run(review_id)}
      >
        {t.undoDecision}
      </Button>
      {undo.error !== undefined && (
        <div className="basis-full">
          <Problem what={t.notUndone} error={undo.error} />
        </div>
      )}
    </>
  );
}
