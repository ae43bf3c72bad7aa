import { Text } from "@mantine/core";
import { ConfirmButton } from "../../components/confirm-button.tsx";
import { CopyField } from "../../components/copy-field.tsx";
import { Notice } from "../../components/notice.tsx";
import { Problem } from "../../components/problem.tsx";
import { useRotateSecret } from "../../data/locations.ts";
import { useMay } from "../../session.ts";
import { useStore } from "../store/store-context.ts";
import { Section } from "./section.tsx";

export function WebhookSettings() {
  const { location } = useStore();
  const rotate = useRotateSecret(location.location_id);
  const { url, scheme, secret_hint } = location.webhook;
  return (
    <Section title="Webhook" about="Dutchie sends changes to this address. ReUp then has them within seconds.">
      <CopyField label="Webhook address" value={url} />
      <Text size="sm">
        Signature: {scheme.kind === "standard" ? "Standard Webhooks" : `HMAC in the header ${scheme.header}`}. The
        secret ends in {secret_hint}.
      </Text>
      {rotate.data !== undefined && (
        <Notice tone="warning" title="Enter the new secret in Dutchie now: it is shown only once" live>
          <CopyField label="Webhook secret" value={rotate.data.secret} />
        </Notice>
      )}
      {rotate.isError && <Problem what="No new secret was made" error={rotate.error} />}
      <div>
        <ConfirmButton
          label="Make a new secret"
          question="Make a new webhook secret?"
          disabled={!useMay("admin")}
          loading={rotate.isPending}
          onConfirm={() => rotate.mutate()}
        >
          The old secret works for another 24 hours. Enter the new one in Dutchie before then.
        </ConfirmButton>
      </div>
    </Section>
  );
}
