import { useState } from "react";
import { toast } from "sonner";
import { ReupError, type Review } from "../../../../../src/client/index.ts";
import { acts, useDecided } from "../../../data/inbox-acts.ts";
import { useRefreshRecords } from "../../../data/records.ts";
import { useMay } from "../../../session.ts";
import { texts } from "../../../texts.ts";
import { ConfirmButton } from "../../../ui/confirm-button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { useStore } from "../store-context.ts";

const t = texts.product;

/** Products that were joined into this one, each with a way back. */
export function Merges({ product_id }: { product_id: string }) {
  const { location_id } = useStore().location;
  const { data } = useDecided(location_id);
  const merges = data?.data.filter((review) => isMergeInto(review, product_id)) ?? [];
  return merges.map((review) => <Merge key={review.review_id} review={review} />);
}

const isMergeInto = ({ kind, action, into }: Review, product_id: string): boolean =>
  (kind === "duplicate_sku" || kind === "ambiguous_match") && action === "merge" && into === product_id;

function Merge({ review }: { review: Review }) {
  const { location_id } = useStore().location;
  const mayAct = useMay("manager");
  const refresh = useRefreshRecords(location_id);
  const [isBusy, setBusy] = useState(false);
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
  const products = review.candidates.length;
  return (
    <Notice
      tone="info"
      title={review.resolved_by === "auto" ? t.mergedByRule(products) : t.mergedByPerson(products)}
      action={
        mayAct && (
          <ConfirmButton
            size="sm"
            busy={isBusy}
            title={t.undoMergeQuestion}
            action={t.undoMerge}
            onConfirm={() => void undo()}
          >
            {t.undoMergeAbout}
          </ConfirmButton>
        )
      }
    >
      {review.reason}
    </Notice>
  );
}
