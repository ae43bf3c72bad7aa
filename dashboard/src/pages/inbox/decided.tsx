import { toast } from "sonner";
import type { Review } from "../../../../src/client/index.ts";
import { useDecided, useUndoDecision } from "../../data/inbox-acts.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Pager } from "../../ui/pager.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";
import type { useCursorPages } from "../../use-cursor-pages.ts";
import { wordsOfReview } from "./item-words.ts";

const t = texts.inbox;

export interface DecidedProps {
  location_id: string;
  pages: ReturnType<typeof useCursorPages>;
}

/** What was decided in a store, by whom and when. Most of it can be undone. */
export function Decided({ location_id, pages }: DecidedProps) {
  const decided = useDecided(location_id, pages.cursor);
  if (decided.error !== undefined)
    return <Problem what={t.decisionsNotLoaded} error={decided.error} retry={() => decided.mutate()} />;
  if (decided.data === undefined) return <Loading what={t.theDecisions} />;
  const { data, next_cursor } = decided.data;
  if (data.length === 0 && pages.page === 1) return <Empty title={t.noneDecided} />;
  return (
    <>
      <ul aria-label={t.decided} className="overflow-hidden rounded-lg border border-line bg-surface">
        {data.map((review) => (
          <li
            key={review.review_id}
            className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-3 py-2.5 last:border-b-0"
          >
            <div className="min-w-0">
              <p className="font-medium wrap-anywhere">{wordsOfReview(review).title}</p>
              <p className="text-sm text-dim">
                {t.did[review.action ?? ""] ?? t.decided} {t.by(review.resolved_by)} ·{" "}
                <Time at={review.resolved_at} isRelative />
              </p>
            </div>
            <Undo review={review} location_id={location_id} />
          </li>
        ))}
      </ul>
      <Pager
        page={pages.page}
        pages={null}
        hasNext={next_cursor !== null}
        isBusy={decided.isLoading}
        onPage={(to) => pages.go(to, next_cursor)}
      />
    </>
  );
}

/** A merge, a link, or a person's decision that missing packages are there. */
const canBeUndone = ({ kind, action, resolved_by }: Review): boolean =>
  kind === "duplicate_sku" || kind === "ambiguous_match"
    ? action !== null
    : action === "discard" && resolved_by !== "snapshot";

function Undo({ review, location_id }: { review: Review; location_id: string }) {
  const mayAct = useMay("manager");
  const undo = useUndoDecision(location_id, () => toast.success(t.undone));
  if (!mayAct || !canBeUndone(review)) return null;
  return (
    <>
      <Button
        size="sm"
        busy={undo.isBusy}
        aria-label={`${t.undoDecision}: ${wordsOfReview(review).title}`}
        onClick={() => void undo.run(review.review_id)}
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
