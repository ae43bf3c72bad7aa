import { useState } from "react";
import { forgetSecret, useKeptSecret } from "../kept-secrets.ts";
import { Button } from "./button.tsx";
import { CopyField } from "./copy-field.tsx";
import { Notice } from "./notice.tsx";

export interface KeptSecretProps {
  /** Of the store or channel. */
  id: string;
  /** Where to enter it. */
  title: string;
  label: string;
  /** What the person says when it is there. */
  entered: string;
}

/** A secret that the API has shown once, until the person says that it is where it belongs. */
export function KeptSecret({ id, title, label, entered }: KeptSecretProps) {
  const secret = useKeptSecret(id);
  const [isCopied, setCopied] = useState(false);
  if (secret === null) return null;
  return (
    <Notice tone="warn" title={title} isLive>
      <div className="mt-2 flex flex-col gap-2">
        <CopyField label={label} value={secret} onCopied={() => setCopied(true)} />
        <div>
          <Button size="sm" disabled={!isCopied} onClick={() => forgetSecret(id)}>
            {entered}
          </Button>
        </div>
      </div>
    </Notice>
  );
}
