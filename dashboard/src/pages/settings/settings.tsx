import { type FormEvent, useRef, useState } from "react";
import { useChangeLocation } from "../../data/locations.ts";
import { fieldProblems } from "../../form-problems.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { LeavingQuestion } from "../../ui/leaving-question.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { testOf } from "../connect/connect.tsx";
import { useSyncNow } from "../fleet/use-sync-now.ts";
import { useStore } from "../store/store-context.ts";
import { AlertSettings } from "./alert-settings.tsx";
import { ConnectionSettings } from "./connection-settings.tsx";
import { DirectionSettings } from "./direction-settings.tsx";
import { DisconnectSettings } from "./disconnect-settings.tsx";
import { SaveBar } from "./save-bar.tsx";
import { SyncSettings } from "./sync-settings.tsx";
import { useDraft } from "./use-draft.ts";
import { WebhookSettings } from "./webhook-settings.tsx";
import { WordSettings } from "./word-settings.tsx";

/** Everything of a store that can be set, with one bar to save it. */
export default function Settings() {
  const { location, status } = useStore();
  const isAllowed = useMay("admin");
  const { draft, patch, isChanged, change, discard } = useDraft(location);
  const [isSaved, setSaved] = useState(false);
  const sync = useSyncNow();
  const form = useRef<HTMLFormElement>(null);
  const save = useChangeLocation(location.location_id, () => {
    discard();
    setSaved(true);
    // What failed with the former key is out of date, and would say so until the next sync.
    if (patch.dutchie !== undefined)
      void sync.run([status], status.health === "never_synced" ? undefined : { mode: "incremental" });
  });
  const problems = fieldProblems(save.error);
  const refused = testOf(save.error);
  const isTold = Object.keys(problems).length > 0 || refused !== undefined;
  const parts = {
    draft,
    problems,
    // What is typed while a save runs would be lost with its answer.
    disabled: !isAllowed || save.isBusy,
    onChange: (changed: Partial<typeof draft>) => {
      setSaved(false);
      // What was refused is no longer what stands here.
      save.reset();
      change(changed);
    },
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save.run(patch);
  };
  return (
    <>
      <PageTitle title={texts.settings.title} />
      <div className="flex max-w-4xl flex-col gap-4">
        {!isAllowed && (
          <Notice tone="info" title={texts.settings.readOnly}>
            {texts.settings.needsAdmin}
          </Notice>
        )}
        <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
          <ConnectionSettings {...parts} refused={refused} />
          <SyncSettings {...parts} />
          <AlertSettings {...parts} />
          <DirectionSettings {...parts} />
          <WordSettings {...parts} />
          <SaveBar
            isChanged={isChanged}
            isSaved={isSaved}
            isBusy={save.isBusy}
            isRefused={isTold}
            failure={isTold ? undefined : save.error}
            onDiscard={() => {
              discard();
              save.reset();
            }}
          />
        </form>
        <WebhookSettings />
        <DisconnectSettings />
      </div>
      <LeavingQuestion isUnsaved={isChanged} onLeave={discard} />
    </>
  );
}
