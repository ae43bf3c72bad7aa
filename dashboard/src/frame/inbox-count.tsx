import { useInbox } from "../data/inbox.ts";
import { texts } from "../texts.ts";

/** More is not read as a number. */
const MOST = 99;

/** How many things wait for a person. */
export function InboxCount() {
  const { data, left } = useInbox();
  if (data === undefined) return null;
  const n = data.items.length + left.decisions;
  const isWhole = data.missing.length === 0 && data.unread.length === 0;
  if (n === 0) return null;
  return (
    <span className="rounded-full bg-warn-fill px-1.5 text-sm font-medium text-warn">
      <span aria-hidden>{n > MOST ? `${MOST}+` : isWhole ? n : `${n}+`}</span>
      <span className="sr-only">{texts.inbox.waiting(n, isWhole)}</span>
    </span>
  );
}
