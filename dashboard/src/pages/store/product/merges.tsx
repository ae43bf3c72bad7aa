import { toast } from "sonner";
import type { Review } from "../../../../../src/client/index.ts";
import { useMerges, useUndoDecision } from "../../../data/inbox-acts.ts";
import { useMay } from "../../../session.ts";
import { texts } from "../../../texts.ts";
import { ConfirmButton } from "../../../ui/confirm-button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { useStore } from "../store-context.ts";

const t = texts.product;

/** Products that were joined into this one, each with a way back. */
export function Merges({ product_id }: { product_id: string }) {
  const { location_id } = useStore().location;
  const { data: merges = [], error, mutate } = useMerges(location_id, "duplicate_sku");
  if (error !== undefined)
    return <Problem what={texts.inbox.decisionsNotLoaded} error={error} retry={() => mutate()} />;
  return merges
    .filter(({ into }) => into === product_id)
    .map((review) => <Merge key={review.review_id} review={review} />);
}

function Merge({ review }: { review: Review }) {
  const { location_id } = useStore().location;
  const mayAct = useMay("manager");
  const undo = useUndoDecision(location_id, (isOpen) => toast.success(isOpen ? t.undone : t.undoneApart));
  const products = review.candidates.length;
  return (
    <Notice
      tone="info"
      title={review.resolved_by === "auto" ? t.mergedByRule(products) : t.mergedByPerson(products)}
      action={
        mayAct && (
          <ConfirmButton
            size="sm"
            busy={undo.isBusy}
            title={t.undoMergeQuestion}
            action={t.undoMerge}
            onConfirm={() => void undo.run(review.review_id)}
          >
            {t.undoMergeAbout}
          </ConfirmButton>
        )
      }
    >
      {review.reason}
      {review.resolved_by !== "auto" && (
        <p>
          {texts.inbox.did.merge} {texts.common.decidedBy({ by: review.resolved_by, reason: review.resolved_reason })}
        </p>
      )}
      {undo.error !== undefined && <Problem what={t.notUndone} error={undo.error} />}
    </Notice>
  );
}
