import { acts } from "../../../data/inbox-acts.ts";
import { nameOfField, shownValue } from "../../../product-fields.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import type { DetailProps } from "./detail-props.ts";
import { Table } from "./table.tsx";

const t = texts.inbox;

/** Each field's value before, and what each side changed it to. */
export function ConflictDetail({ item, settle, reason, isWaiting, mayAct }: DetailProps<"decision">) {
  const { review } = item;
  const decide = (action: "keep_dutchie" | "keep_reup", said: string) =>
    void settle({ items: [item], send: () => acts.decide(item, { action, reason }), said: () => said });
  return (
    <>
      <Table
        caption={t.bothEdits}
        head={[t.field, t.before, t.dutchieNow, t.reupsEdit]}
        rows={review.conflicts.map(({ field, base, dutchie_value, reup_value }) => ({
          key: field,
          cells: [nameOfField(field), ...[base, dutchie_value, reup_value].map((value) => shownValue(field, value))],
        }))}
      />
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          <Button disabled={isWaiting} onClick={() => decide("keep_dutchie", t.keptDutchies)}>
            {t.keepDutchies}
          </Button>
          <Button disabled={isWaiting} onClick={() => decide("keep_reup", t.keptReups)}>
            {t.keepReups}
          </Button>
        </div>
      )}
    </>
  );
}
