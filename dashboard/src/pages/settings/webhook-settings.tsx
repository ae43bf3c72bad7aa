import { useState } from "react";
import { useRotateSecret } from "../../data/locations.ts";
import { keepSecret } from "../../kept-secrets.ts";
import { paths } from "../../navigation.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/confirm-button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Link } from "../../ui/link.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Problem } from "../../ui/problem.tsx";
import { WebhookSecret } from "../../ui/webhook-secret.tsx";
import { useStore } from "../store/store-context.ts";

const t = texts.settings;

export function WebhookSettings() {
  const { location } = useStore();
  const { location_id } = location;
  const [isEnded, setEnded] = useState(false);
  const rotate = useRotateSecret(location_id, (secret, leaked) => {
    keepSecret(location_id, secret);
    setEnded(leaked);
  });
  const mayRotate = useMay("admin");
  const { url, scheme, secret_hint } = location.webhook;
  const kind = scheme.kind === "standard" ? t.standard : t.hmac(scheme.header);
  const button = { disabled: !mayRotate, busy: rotate.isBusy };
  return (
    <Section title={t.webhook} about={t.webhookAbout}>
      <div className="flex flex-col gap-3">
        <CopyField label={t.webhookAddress} value={url} />
        <p className="text-sm">{t.signature(kind, secret_hint)}</p>
        {isEnded && (
          <Notice tone="info" isLive title={t.secretEnded}>
            <p>{t.secretEndedAbout}</p>
            <p className="flex flex-wrap gap-4">
              <Link href={paths.activity(location_id, "syncs")}>{t.goToSyncs}</Link>
              <Link href={paths.activity(location_id, "changes")}>{t.goToChanges}</Link>
            </p>
          </Notice>
        )}
        {mayRotate && <WebhookSecret location_id={location_id} />}
        {rotate.error !== undefined && <Problem what={t.noSecret} error={rotate.error} />}
        <div>
          <ConfirmButton
            {...button}
            action={t.makeSecret}
            title={t.makeSecretQuestion}
            onConfirm={() => void rotate.run(false)}
          >
            {t.makeSecretAbout}
          </ConfirmButton>
        </div>
        <p className="text-sm">{t.leaked}</p>
        <div>
          <ConfirmButton
            {...button}
            action={t.endSecret}
            title={t.endSecretQuestion}
            onConfirm={() => void rotate.run(true)}
          >
            <ul className="flex list-disc flex-col gap-1 pl-5">
              {t.endSecretAbout.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </ConfirmButton>
        </div>
      </div>
    </Section>
  );
}
