import type { ReactNode } from "react";

/** A list without a row: why, and what to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-line px-4 py-10 text-center">
      <p className="font-semibold">{title}</p>
      {children !== undefined && <div className="max-w-prose text-sm text-dim">{children}</div>}
      {action}
    </div>
  );
}
