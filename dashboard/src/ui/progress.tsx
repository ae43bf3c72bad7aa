import { Progress as Radix } from "radix-ui";

/** How much of a long work is done. `percent` null: not known yet. */
export function Progress({ label, percent }: { label: string; percent: number | null }) {
  return (
    <Radix.Root
      value={percent}
      aria-label={label}
      className="h-2 overflow-hidden rounded-full bg-raised forced-color-adjust-none"
    >
      <Radix.Indicator
        className="h-full rounded-full bg-brand-fill transition-[width] data-[state=indeterminate]:animate-pulse"
        style={{ width: `${percent ?? 100}%` }}
      />
    </Radix.Root>
  );
}
