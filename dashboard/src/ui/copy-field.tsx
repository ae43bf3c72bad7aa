import { Check, Copy } from "lucide-react";
import { useRef, useState } from "react";
import { copyText } from "../copy-text.ts";
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
  const [state, setState] = useState<"copied" | "refused" | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const isCopied = state === "copied";
  const copied = () => {
    setState("copied");
    onCopied?.();
  };
  const copy = async () => {
    if (await copyText(value)) return copied();
    setState("refused");
    field.current?.focus();
  };
  return (
    <div>
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            ref={field}
            label={label}
            value={value}
            readOnly
            onFocus={({ currentTarget }) => currentTarget.select()}
            onCopy={copied}
          />
        </div>
        <Button onClick={() => void copy()} aria-label={texts.common.copyThe(label)}>
          {isCopied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
          <span role="status">{isCopied ? texts.common.copied : texts.common.copy}</span>
        </Button>
      </div>
      {state === "refused" && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {texts.common.copyByHand}
        </p>
      )}
      {about !== undefined && <p className="mt-1 text-sm text-dim">{about}</p>}
    </div>
  );
}
