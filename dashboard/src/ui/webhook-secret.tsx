import { useState } from "react";
import { forgetSecret, useKeptSecret } from "../kept-secrets.ts";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { CopyField } from "./copy-field.tsx";
import { Notice } from "./notice.tsx";

/** The secret to enter in Dutchie, until the person says that it is there. */
export function WebhookSecret({ location_id }: { location_id: string }) {
  const secret = useKeptSecret(location_id);
  const [isCopied, setCopied] = useState(false);
  if (secret === null) return null;
  return (
    <Notice tone="warn" title={texts.settings.secretOnce} isLive>
      <div className="mt-2 flex flex-col gap-2">
        <CopyField label={texts.settings.webhookSecret} value={secret} onCopied={() => setCopied(true)} />
        <div>
          <Button size="sm" disabled={!isCopied} onClick={() => forgetSecret(location_id)}>
            {texts.settings.secretEntered}
          </Button>
        </div>
      </div>
    </Notice>
  );
}
