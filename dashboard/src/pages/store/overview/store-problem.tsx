import { toast } from "sonner";
import { copyText } from "../../../copy-text.ts";
import { forPeople } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { Link } from "../../../ui/link.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Time } from "../../../ui/time.tsx";
import { FleetAction } from "../../fleet/fleet-action.tsx";
import { useStore } from "../store-context.ts";
import { isOfRows, reportOf } from "./report.ts";

const t = texts.overview;

/** What is wrong with the store, and the one thing to do about it. */
export function StoreProblem() {
  const { status } = useStore();
  const { health, problem, current_run } = status;
  if (health === "never_synced" && problem === null) {
    if (current_run !== null) return null;
    return (
      <Notice tone="info" title={t.neverSynced} action={<FleetAction store={status} />}>
        {t.neverSyncedAbout}
      </Notice>
    );
  }
  if (problem === null) return null;
  return (
    <Notice
      tone={health === "failing" ? "bad" : "warn"}
      title={forPeople(problem.message)}
      action={problem.action === "contact_dutchie" ? <Report /> : <FleetAction store={status} />}
    >
      {problem.since !== null && (
        <>
          {t.since} <Time at={problem.since} />
        </>
      )}
    </Notice>
  );
}

function Report() {
  const { location, status } = useStore();
  return (
    <>
      {isOfRows(status.problem?.code ?? "") && (
        <Link href={paths.activity(location.location_id, "syncs")}>{texts.fleet.seeSyncs}</Link>
      )}
      <CopyReport />
    </>
  );
}

/** Dutchie's support asks for what ReUp knows. */
function CopyReport() {
  const { location, status } = useStore();
  const report = reportOf(location.name, status);
  const copy = async () => {
    if (await copyText(report)) toast.success(t.reportCopied);
    // It stays until somebody has copied it.
    else toast.error(t.reportNotCopied, { description: report, duration: Number.POSITIVE_INFINITY });
  };
  return (
    <Button size="sm" onClick={() => void copy()}>
      {t.copyReport}
    </Button>
  );
}
