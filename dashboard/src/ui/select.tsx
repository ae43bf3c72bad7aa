import { useId } from "react";
import { classes } from "./classes.ts";
import { control, described, FieldFrame, type FieldProps } from "./field.tsx";

export interface SelectProps<T extends string> extends FieldProps {
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
  /** The label is only read out: what stands around says it already. */
  isBare?: boolean;
}

/** The browser's own list: it works with the keyboard, a screen reader and a thumb. */
export function Select<T extends string>({ options, value, onChange, isBare = false, ...rest }: SelectProps<T>) {
  const { label, about, error, disabled = false, className } = rest;
  const id = useId();
  // A value from the address may not be in the list: the browser would show the first one as chosen.
  const isListed = options.some((option) => option.value === value);
  const listed = isListed ? options : [{ value, label: value }, ...options];
  const list = (
    <select
      {...described(id, { about, error })}
      {...(isBare ? { "aria-label": label } : {})}
      className={classes(control(error !== undefined), className)}
      value={value}
      disabled={disabled}
      onChange={({ currentTarget }) => {
        const chosen = listed[currentTarget.selectedIndex];
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {listed.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  return isBare ? list : <FieldFrame {...{ id, label, about, error }}>{list}</FieldFrame>;
}
