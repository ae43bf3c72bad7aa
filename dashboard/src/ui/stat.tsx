import type { ReactNode } from "react";

/** One figure: what it is, how much, and what it means. */
export function Stat({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="rounded-lg border border-line bg-surface p-3">
      <p className="text-sm text-dim">{label}</p>
      <p className="text-xl font-semibold tabular-nums">{children}</p>
      {note != null && note !== false && <p className="text-sm text-dim">{note}</p>}
    </div>
  );
}
