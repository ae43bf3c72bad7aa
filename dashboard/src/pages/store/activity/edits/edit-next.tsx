import type { Push } from "../../../../../../src/client/index.ts";
import { counted, forPeople } from "../../../../format.ts";
import { paths } from "../../../../navigation.ts";
import { texts } from "../../../../texts.ts";
import { Link } from "../../../../ui/link.tsx";
import { Time } from "../../../../ui/time.tsx";
import { useStore } from "../../store-context.ts";

const t = texts.activity.edits;

/** What happened to an edit, or what happens next and when. */
export function EditNext({ push }: { push: Push }) {
  const { location_id } = useStore().location;
  const { attempts, error, next_attempt_at, reason, sent_at, state } = push;
  const inbox = (label: string) => <Link href={paths.inboxOf(location_id)}>{label}</Link>;
  switch (state) {
    case "waiting":
      if (error === null) return <>{t.soon}</>;
      return (
        <>
          {forPeople(error.message)}. {attempts > 0 && t.tried(counted(attempts, "time"))} {t.nextTry}{" "}
          <Time at={next_attempt_at} isRelative none="soon" />.
        </>
      );
    case "sending":
      return <>{t.sending}</>;
    case "done":
      if (reason !== null) return <>{reason}</>;
      return (
        <>
          {t.accepted} <Time at={sent_at} isRelative />.
        </>
      );
    case "parked":
      return (
        <>
          {error !== null && forPeople(error.message)}. {t.tried(counted(attempts, "time"))} {t.notAgain} {error?.hint}{" "}
          {inbox(t.sendAgain)}
        </>
      );
    case "conflict":
      return (
        <>
          {reason} {inbox(t.decide)}
        </>
      );
    case "cancelled":
      return <>{reason}</>;
  }
}
