import { texts } from "../../texts.ts";
import { SecretField, TextField } from "../../ui/field.tsx";

export interface DutchieValues {
  endpoint: string;
  api_key: string;
  integrator_key: string;
  location_id: string;
}

export type DutchieProblems = Partial<Record<keyof DutchieValues, string>>;

export interface DutchieFieldsProps {
  values: DutchieValues;
  problems: DutchieProblems;
  onChange: (changed: Partial<DutchieValues>) => void;
  /** The stored key's last characters; null: no key is stored. */
  key_hint: string | null;
  disabled?: boolean;
}

/** Where Dutchie is and how to get in: the same for a new store and in a store's settings. */
export function DutchieFields({ values, problems, onChange, key_hint, disabled = false }: DutchieFieldsProps) {
  const field = (name: keyof DutchieValues) => ({
    disabled,
    value: values[name],
    error: problems[name],
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange({ [name]: currentTarget.value }),
  });
  return (
    <>
      <TextField label={texts.connect.endpoint} required {...field("endpoint")} />
      <SecretField
        label={texts.connect.apiKey}
        about={texts.connect.apiKeyAbout}
        required={key_hint === null}
        placeholder={key_hint === null ? undefined : texts.connect.stored(key_hint)}
        {...field("api_key")}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <SecretField
          label={texts.connect.integratorKey}
          about={texts.connect.integratorKeyAbout}
          {...field("integrator_key")}
        />
        <TextField label={texts.connect.locationId} about={texts.connect.locationIdAbout} {...field("location_id")} />
      </div>
    </>
  );
}
