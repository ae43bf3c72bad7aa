import { TextField } from "../../ui/field.tsx";

export interface NumberSettingProps {
  label: string;
  about?: string;
  value: number;
  min: number;
  max: number;
  error: string | undefined;
  disabled: boolean;
  onChange: (value: number) => void;
}

export function NumberSetting({ value, onChange, ...rest }: NumberSettingProps) {
  return (
    <TextField
      {...rest}
      type="number"
      inputMode="numeric"
      step="any"
      required
      value={Number.isNaN(value) ? "" : value}
      onChange={({ currentTarget }) => onChange(currentTarget.valueAsNumber)}
    />
  );
}
