import { stalenessOf } from "../../../../../src/client/rules.ts";
import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { countedThings } from "../run-progress.tsx";
import { useStore } from "../store-context.ts";

const t = texts.overview;

/** Stock that Dutchie's list leaves out and that ReUp keeps: until somebody decides, or because somebody did. */
export function Held() {
  const { status } = useStore();
  const { held_snapshot: held, kept_absences: kept, problem } = status;
  // As the store's problem, it is told already.
  const isTold = problem?.code === "HELD_SNAPSHOT";
  return (
    <>
      {held !== null && !isTold && (
        <Notice
          tone="warn"
          title={t.held(countedThings(held.rows, held.resource))}
          action={<ToInbox label={t.heldReview} />}
        >
          {t.heldAbout(stalenessOf(held.resource) / 60_000)}
        </Notice>
      )}
      {kept.map(({ resource, rows, kept_by }) => (
        <Notice
          key={resource}
          tone="info"
          title={t.kept(countedThings(rows, resource))}
          action={<ToInbox label={t.keptReview} isDecided />}
        >
          {t.keptAbout(kept_by)}
        </Notice>
      ))}
    </>
  );
}

function ToInbox({ label, isDecided = false }: { label: string; isDecided?: boolean }) {
  const { location } = useStore();
  return (
    <Button asChild size="sm">
      <Link isPlain href={`${paths.inboxOf(location.location_id)}${isDecided ? "&show=decided" : ""}`}>
        {label}
      </Link>
    </Button>
  );
}
