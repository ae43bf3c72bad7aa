import { type ReactNode, useId } from "react";

export interface SectionProps {
  title: string;
  about?: ReactNode;
  /** Beside the title. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Section({ title, about, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-4">
      <div className="mb-3 flex flex-wrap items-start justify-between gap-2">
        <div>
          <h2 id={id} className="text-lg font-semibold">
            {title}
          </h2>
          {about !== undefined && <p className="text-sm text-dim">{about}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
