import { X } from "lucide-react";
import { texts } from "../texts.ts";
import { Button } from "./button.tsx";

export interface Chip {
  label: string;
  onRemove: () => void;
}

/** The filters in force, each with a way to take it off. */
export function Chips({ chips, onClear }: { chips: readonly Chip[]; onClear: () => void }) {
  if (chips.length === 0) return null;
  return (
    <ul aria-label={texts.common.filters} className="flex flex-wrap items-center gap-1.5">
      {chips.map(({ label, onRemove }) => (
        <li key={label}>
          <button
            type="button"
            className="inline-flex min-h-8 max-w-80 items-center gap-1 rounded-full border border-edge bg-surface px-3 text-sm hover:bg-raised"
            aria-label={texts.common.removeFilter(label)}
            onClick={onRemove}
          >
            <span className="truncate">{label}</span>
            <X aria-hidden size={14} className="shrink-0" />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <Button kind="ghost" size="sm" onClick={onClear}>
            {texts.common.removeFilters}
          </Button>
        </li>
      )}
    </ul>
  );
}
