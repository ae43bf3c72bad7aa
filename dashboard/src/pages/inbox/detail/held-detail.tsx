import { useState } from "react";
import { acts, useHeld } from "../../../data/inbox-acts.ts";
import { money, quantity, text } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Question } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { missingOf, thingsOf } from "../item-words.ts";
import type { DetailProps } from "./detail-props.ts";
import { Table } from "./table.tsx";

const t = texts.inbox;

/** Packages that Dutchie's list leaves out: they stay unless a person types how many become zero. */
export function HeldDetail({ item, settle, isWaiting, mayAct }: DetailProps<"decision">) {
  const { review, location_id } = item;
  const [isAsking, ask] = useState(false);
  const [typed, type] = useState("");
  const held = useHeld(location_id);
  const missing = missingOf(review);
  const things = thingsOf(review);
  const isStock = review.subject === "inventory";
  const rows = held.data?.resource === review.subject ? held.data.rows : null;
  const n = rows ?? missing.length;
  const worth = review.value_at_stake === null ? "" : `: ${t.worth(money(review.value_at_stake))}`;
  const action = isStock ? t.zero(n) : t.inactive(n);
  const keep = () =>
    void settle({
      items: [item],
      send: () => acts.decide(item, { action: "discard" }),
      said: () => t.keptHeld(things),
      undo: () => acts.undo(location_id, review.review_id),
    });
  const end = () => {
    ask(false);
    void settle({
      items: [item],
      send: () => acts.decide(item, { action: "confirm" }),
      said: () => t.ended(n, things),
    });
  };
  return (
    <>
      <p>{review.reason}</p>
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={isWaiting} onClick={keep}>
            {t.keepHeld(things)}
          </Button>
          <Button
            disabled={isWaiting || (held.data === undefined && held.error === undefined)}
            onClick={() => {
              type("");
              ask(true);
            }}
          >
            {action} …
          </Button>
        </div>
      )}
      <Table
        caption={t.missing(things)}
        head={isStock ? [t.name, t.package, t.room, t.quantity, t.value] : [t.name, t.quantity]}
        hasNumbers
        rows={missing.map((each) => ({
          key: each.record_id,
          cells: isStock
            ? [
                text(each.product_name),
                text(each.package_id),
                text(each.room_name),
                each.quantity === null ? "–" : quantity(each.quantity),
                money(each.value),
              ]
            : [text(each.product_name), each.quantity === null ? "–" : quantity(each.quantity)],
        }))}
      />
      {rows !== null && rows > missing.length && (
        <p className="text-sm text-dim">{t.first(missing.length, rows, things)}</p>
      )}
      <Question
        isDangerous
        isOpen={isAsking}
        onClose={() => ask(false)}
        title={`${action}?`}
        action={action}
        leave={t.keepHeld(things)}
        isDisabled={typed.trim() !== String(n)}
        onConfirm={end}
      >
        <p className="mb-3">{t.zeroAbout(worth)}</p>
        <TextField
          label={t.typeNumber(n)}
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={({ currentTarget }) => type(currentTarget.value)}
        />
      </Question>
    </>
  );
}
