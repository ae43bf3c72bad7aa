import { useLocation } from "wouter";
import { useStartRun } from "../../data/runs.ts";
import { paths } from "../../navigation.ts";
import { texts } from "../../texts.ts";
import { Button } from "../../ui/button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { PageTitle } from "../../ui/page-title.tsx";
import { Problem } from "../../ui/problem.tsx";
import { WebhookSecret } from "../../ui/webhook-secret.tsx";

export interface ConnectedProps {
  location: { location_id: string; name: string };
  webhook: { url: string };
}

/** After connecting: what to enter in Dutchie, and the first sync. */
export function Connected({ location: { location_id, name }, webhook }: ConnectedProps) {
  const [, navigate] = useLocation();
  const start = useStartRun(location_id, () => navigate(paths.overview(location_id)));
  return (
    <>
      <PageTitle title={texts.connect.isConnected(name)} />
      <div className="flex max-w-3xl flex-col gap-4">
        <Notice tone="info" title={texts.connect.enterInDutchie}>
          <div className="mt-2">
            <CopyField label={texts.settings.webhookAddress} value={webhook.url} />
          </div>
        </Notice>
        <WebhookSecret location_id={location_id} />
        {start.error !== undefined && <Problem what={texts.connect.notStarted} error={start.error} />}
        <div className="flex flex-wrap items-center gap-3">
          <Button kind="primary" busy={start.isBusy} onClick={() => void start.run({ mode: "initial" })}>
            {texts.connect.firstSync}
          </Button>
          <Link href={paths.settings(location_id)}>{texts.connect.settingsFirst}</Link>
        </div>
      </div>
    </>
  );
}
