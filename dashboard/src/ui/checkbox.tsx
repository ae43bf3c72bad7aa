import { Check, Minus } from "lucide-react";
import { Checkbox as Radix } from "radix-ui";
import { type ReactNode, useId } from "react";

export interface CheckboxProps {
  label: ReactNode;
  about?: ReactNode;
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** The label is only read out. */
  isBare?: boolean;
}

export function Checkbox({ label, about, checked, onChange, disabled = false, isBare = false }: CheckboxProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <Radix.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(now) => onChange(now === true)}
        aria-describedby={about === undefined ? undefined : `${id}-about`}
        className="mt-0.5 flex size-5 shrink-0 items-center justify-center rounded border border-edge bg-surface disabled:opacity-55 data-[state=checked]:border-brand-fill data-[state=checked]:bg-brand-fill"
      >
        <Radix.Indicator>
          {checked === "indeterminate" ? (
            <Minus aria-hidden size={16} />
          ) : (
            <Check aria-hidden size={16} className="text-white" />
          )}
        </Radix.Indicator>
      </Radix.Root>
      <div>
        <label htmlFor={id} className={isBare ? "sr-only" : ""}>
          {label}
        </label>
        {about !== undefined && (
          <p id={`${id}-about`} className="text-sm text-dim">
            {about}
          </p>
        )}
      </div>
    </div>
  );
}
