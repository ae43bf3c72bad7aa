import type { ReactNode } from "react";

/** What only some readers want to see: folded until they open it. */
export function Fold({
  summary,
  children,
  isOpen = false,
}: {
  summary: ReactNode;
  children: ReactNode;
  isOpen?: boolean;
}) {
  return (
    <details open={isOpen}>
      <summary className="w-fit cursor-pointer rounded py-1 text-sm text-dim select-none hover:text-ink">
        {summary}
      </summary>
      <div className="pt-1">{children}</div>
    </details>
  );
}
