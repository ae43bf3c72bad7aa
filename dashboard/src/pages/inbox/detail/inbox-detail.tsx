import { type Ref, useImperativeHandle, useRef } from "react";
import type { InboxItem } from "../../../data/inbox-items.ts";
import { money } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Fold } from "../../../ui/fold.tsx";
import { Link } from "../../../ui/link.tsx";
import { fitsReason, ReasonField } from "../../../ui/reason-field.tsx";
import { Time } from "../../../ui/time.tsx";
import { wordsOf } from "../item-words.ts";
import { AlertDetail } from "./alert-detail.tsx";
import { ConflictDetail } from "./conflict-detail.tsx";
import type { DetailProps } from "./detail-props.ts";
import { DuplicateDetail } from "./duplicate-detail.tsx";
import { EditDetail } from "./edit-detail.tsx";
import { HeldDetail } from "./held-detail.tsx";
import { MessageDetail } from "./message-detail.tsx";

const t = texts.inbox;

export interface InboxDetailProps extends Omit<DetailProps<InboxItem["kind"]>, "item" | "reason"> {
  item: InboxItem;
  ref?: Ref<{ focus: () => void }>;
  /** The dialog around it says the title already. */
  isBare?: boolean;
}

/** All of one item, and what can be done. */
export function InboxDetail({ item, ref, isBare = false, ...rest }: InboxDetailProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => heading.current?.focus() }), []);
  const { title, consequence } = wordsOf(item);
  const { store, mayAct, draft, onDraft } = rest;
  return (
    <div className="flex flex-col gap-3">
      {!isBare && (
        <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold wrap-anywhere">
          {title}
        </h2>
      )}
      <p className="font-medium">{consequence}</p>
      <p className="text-sm text-dim wrap-anywhere">
        <Link href={paths.overview(item.location_id)}>{store?.name ?? item.location_id}</Link> · {t.since}{" "}
        <Time at={item.since} isRelative />
        {item.value_at_stake !== null && item.value_at_stake > 0 && ` · ${t.worth(money(item.value_at_stake))}`}
      </p>
      {item.kind === "decision" && item.review.undone !== null && (
        <p className="text-sm text-dim wrap-anywhere">
          {t.undoneBefore(texts.common.decidedBy(item.review.undone))} · <Time at={item.review.undone.at} isRelative />
        </p>
      )}
      {mayAct && (
        <Fold summary={t.giveReason}>
          <ReasonField value={draft.reason} onType={(reason) => onDraft({ reason })} />
        </Fold>
      )}
      <Body
        item={item}
        reason={draft.reason.trim() || undefined}
        {...rest}
        isWaiting={rest.isWaiting || !fitsReason(draft.reason)}
      />
      {!mayAct && <p className="text-sm text-dim">{t.readOnly}</p>}
    </div>
  );
}

function Body({ item, ...rest }: Omit<InboxDetailProps, "ref" | "isBare"> & Pick<DetailProps<"alert">, "reason">) {
  switch (item.kind) {
    case "alert":
      return <AlertDetail item={item} {...rest} />;
    case "message":
      return <MessageDetail item={item} {...rest} />;
    case "edit":
      return <EditDetail item={item} {...rest} />;
    case "decision":
      if (item.review.kind === "held_snapshot") return <HeldDetail item={item} {...rest} />;
      if (item.review.kind === "edit_conflict") return <ConflictDetail item={item} {...rest} />;
      return <DuplicateDetail item={item} {...rest} />;
  }
}
