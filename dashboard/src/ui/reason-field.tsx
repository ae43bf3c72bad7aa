import { MAX_DECISION_REASON_BYTES } from "../../../src/client/rules.ts";
import { texts } from "../texts.ts";
import { TextField } from "./field.tsx";

/** Why a person decides so: kept and shown with the decision. */
export function ReasonField({ value, onType }: { value: string; onType: (value: string) => void }) {
  return (
    <TextField
      label={texts.common.reason}
      about={texts.common.reasonAbout}
      autoComplete="off"
      maxLength={MAX_DECISION_REASON_BYTES}
      value={value}
      onChange={({ currentTarget }) => onType(currentTarget.value)}
    />
  );
}
