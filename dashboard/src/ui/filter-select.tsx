import { Select } from "./select.tsx";

interface FilterSelectProps<T extends string> {
  label: string;
  /** What is written for no choice. */
  any: string;
  choices: readonly T[];
  labelOf: (choice: T) => string;
  /** null: all. */
  value: T | null;
  onChange: (value: T | null) => void;
}

/** A list's filter by one of several values, or none of them. */
export function FilterSelect<T extends string>({
  label,
  any,
  choices,
  labelOf,
  value,
  onChange,
}: FilterSelectProps<T>) {
  return (
    <Select<T | "any">
      label={label}
      options={[{ value: "any", label: any }, ...choices.map((each) => ({ value: each, label: labelOf(each) }))]}
      value={value ?? "any"}
      onChange={(next) => onChange(next === "any" ? null : next)}
    />
  );
}
