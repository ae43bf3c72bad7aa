import { useRotateSecret } from "../../data/locations.ts";
import { keepSecret } from "../../kept-secrets.ts";
import { useMay } from "../../session.ts";
import { texts } from "../../texts.ts";
import { Section } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/confirm-button.tsx";
import { CopyField } from "../../ui/copy-field.tsx";
import { Problem } from "../../ui/problem.tsx";
import { WebhookSecret } from "../../ui/webhook-secret.tsx";
import { useStore } from "../store/store-context.ts";

export function WebhookSettings() {
  const { location } = useStore();
  const rotate = useRotateSecret(location.location_id, (secret) => keepSecret(location.location_id, secret));
  const mayRotate = useMay("admin");
  const { url, scheme, secret_hint } = location.webhook;
  const kind = scheme.kind === "standard" ? texts.settings.standard : texts.settings.hmac(scheme.header);
  return (
    <Section title={texts.settings.webhook} about={texts.settings.webhookAbout}>
      <div className="flex flex-col gap-3">
        <CopyField label={texts.settings.webhookAddress} value={url} />
        <p className="text-sm">{texts.settings.signature(kind, secret_hint)}</p>
        {mayRotate && <WebhookSecret location_id={location.location_id} />}
        {rotate.error !== undefined && <Problem what={texts.settings.noSecret} error={rotate.error} />}
        <div>
          <ConfirmButton
            action={texts.settings.makeSecret}
            title={texts.settings.makeSecretQuestion}
            disabled={!mayRotate}
            busy={rotate.isBusy}
            onConfirm={() => void rotate.run(undefined)}
          >
            {texts.settings.makeSecretAbout}
          </ConfirmButton>
        </div>
      </div>
    </Section>
  );
}
