import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";

export interface CopyFieldProps {
  label: string;
  value: string;
  about?: string;
  onCopied?: () => void;
}

/** A value to copy, such as an address or a secret. */
export function CopyField({ label, value, about, onCopied }: CopyFieldProps) {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard.writeText(value).then(() => {
      setCopied(true);
      onCopied?.();
    });
  return (
    <div>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField label={label} value={value} readOnly onFocus={({ currentTarget }) => currentTarget.select()} />
        </div>
        <Button onClick={copy} aria-label={texts.common.copyThe(label)}>
          {isCopied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
          <span role="status">{isCopied ? texts.common.copied : texts.common.copy}</span>
        </Button>
      </div>
      {about !== undefined && <p className="mt-1 text-sm text-dim">{about}</p>}
    </div>
  );
}
