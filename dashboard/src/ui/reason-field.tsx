import { DECISION_REASON, roomLeft } from "../../../src/client/rules.ts";
import { texts } from "../texts.ts";
import { TextField } from "./field.tsx";

/** Whether the reason can be kept as it is typed. */
export const fitsReason = (typed: string): boolean => roomLeft(typed, DECISION_REASON) >= 0;

/** Why a person decides so: kept and shown with the decision. */
export function ReasonField({ value, onType }: { value: string; onType: (value: string) => void }) {
  return (
    <TextField
      label={texts.common.reason}
      about={texts.common.reasonAbout}
      autoComplete="off"
      bound={DECISION_REASON}
      value={value}
      onChange={({ currentTarget }) => onType(currentTarget.value)}
    />
  );
}
