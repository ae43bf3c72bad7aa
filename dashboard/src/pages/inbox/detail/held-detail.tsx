import { useState } from "react";
import { acts } from "../../../data/inbox-acts.ts";
import { money, quantity, text } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Question } from "../../../ui/dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Name } from "../../../ui/name.tsx";
import { missingOf, thingsOf } from "../item-words.ts";
import type { DetailProps } from "./detail-props.ts";
import { Table } from "./table.tsx";

const t = texts.inbox;

/** Packages that Dutchie's list leaves out: they stay unless a person types how many become zero. */
export function HeldDetail({ item, settle, reason, isWaiting, mayAct }: DetailProps<"decision">) {
  const { review, location_id } = item;
  const [isAsking, ask] = useState(false);
  const [typed, type] = useState("");
  const missing = missingOf(review);
  const things = thingsOf(review);
  const isStock = review.subject === "inventory";
  const n = review.held_rows;
  const worth = review.value_at_stake === null ? "" : `: ${t.worth(money(review.value_at_stake))}`;
  const keep = () =>
    void settle({
      items: [item],
      send: () => acts.decide(item, { action: "discard", reason }),
      said: () => t.keptHeld(things),
      undo: () => acts.undo(location_id, review.review_id),
    });
  const end = (count: number) => {
    ask(false);
    void settle({
      items: [item],
      send: () => acts.decide(item, { action: "confirm", count, reason }),
      said: () => t.ended(count, things),
    });
  };
  const actionOf = (count: number) => (isStock ? t.zero(count) : t.inactive(count));
  return (
    <>
      <p>{review.reason}</p>
      {mayAct && (
        <div className="flex flex-wrap gap-2">
          <Button kind="primary" disabled={isWaiting} onClick={keep}>
            {t.keepHeld(things)}
          </Button>
          {n === null ? (
            <p className="self-center text-sm text-dim">{t.stillCounting}</p>
          ) : (
            <Button
              disabled={isWaiting}
              onClick={() => {
                type("");
                ask(true);
              }}
            >
              {actionOf(n)} …
            </Button>
          )}
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
                <Name key="name">{text(each.product_name)}</Name>,
                text(each.package_id),
                <Name key="room">{text(each.room_name)}</Name>,
                each.quantity === null ? "–" : quantity(each.quantity),
                money(each.value),
              ]
            : [
                <Name key="name">{text(each.product_name)}</Name>,
                each.quantity === null ? "–" : quantity(each.quantity),
              ],
        }))}
      />
      {n !== null && n > missing.length && <p className="text-sm text-dim">{t.first(missing.length, n, things)}</p>}
      {n !== null && (
        <Question
          isDangerous
          isOpen={isAsking}
          onClose={() => ask(false)}
          title={`${actionOf(n)}?`}
          action={actionOf(n)}
          isDisabled={typed.trim() !== String(n)}
          onConfirm={() => end(n)}
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
      )}
    </>
  );
}
