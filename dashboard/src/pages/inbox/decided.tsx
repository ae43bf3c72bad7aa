import { useState } from "react";
import { toast } from "sonner";
import { ReupError, type Review } from "../../../../src/client/index.ts";
import { useRefreshInbox } from "../../data/inbox.ts";
import { acts, useDecided } from "../../data/inbox-acts.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Time } from "../../ui/time.tsx";
import { wordsOfReview } from "./item-words.ts";

const t = texts.inbox;

/** What was decided in a store, by whom and when. Most of it can be undone. */
export function Decided({ location_id }: { location_id: string }) {
  const decided = useDecided(location_id);
  if (decided.error !== undefined)
    return <Problem what={t.decisionsNotLoaded} error={decided.error} retry={() => decided.mutate()} />;
  if (decided.data === undefined) return <Loading what={t.theDecisions} />;
  if (decided.data.data.length === 0) return <Empty title={t.noneDecided} />;
  return (
    <ul aria-label={t.decided} className="overflow-hidden rounded-lg border border-line bg-surface">
      {decided.data.data.map((review) => (
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
  );
}

/** A merge, a link, or a person's decision that missing packages are there. */
const canBeUndone = ({ kind, action, resolved_by }: Review): boolean =>
  kind === "duplicate_sku" || kind === "ambiguous_match"
    ? action !== null
    : action === "discard" && resolved_by !== "snapshot";

function Undo({ review, location_id }: { review: Review; location_id: string }) {
  const mayAct = useMay("manager");
  const refresh = useRefreshInbox();
  const [isBusy, setBusy] = useState(false);
  if (!mayAct || !canBeUndone(review)) return null;
  const undo = async () => {
    setBusy(true);
    try {
      await acts.undo(location_id, review.review_id);
      toast.success(t.undone);
    } catch (error) {
      toast.error(t.notUndone, { description: error instanceof ReupError ? error.message : texts.common.noAnswer });
    }
    setBusy(false);
    await refresh();
  };
  return (
    <Button
      size="sm"
      busy={isBusy}
      aria-label={`${t.undoDecision}: ${wordsOfReview(review).title}`}
      onClick={() => void undo()}
    >
      {t.undoDecision}
    </Button>
  );
}
