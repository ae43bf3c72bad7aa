import { MAX_FILTER_TEXT } from "../../../../../src/client/rules.ts";
import { texts } from "../../../texts.ts";
import { TextField } from "../../../ui/field.tsx";

interface SearchFieldProps {
  placeholder: string;
  value: string;
  /** At each key: it makes no step for the Back button. null: the field is empty. */
  onType: (text: string | null) => void;
}

export function SearchField({ placeholder, value, onType }: SearchFieldProps) {
  return (
    <div className="w-full sm:w-72">
      <TextField
        label={texts.inventory.search}
        placeholder={placeholder}
        type="search"
        maxLength={MAX_FILTER_TEXT}
        value={value}
        onChange={({ currentTarget }) => onType(currentTarget.value || null)}
      />
    </div>
  );
}
