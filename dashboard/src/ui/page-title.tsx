import { type ReactNode, useEffect, useRef } from "react";

/** The page's heading. It gets the focus when the page opens, so that a screen reader reads it out. */
export function PageTitle({ title, about, children }: { title: string; about?: ReactNode; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ReUp – Dutchie`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
      <div className="min-w-0">
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold wrap-anywhere">
          {title}
        </h1>
        {about !== undefined && <p className="text-dim">{about}</p>}
      </div>
      {children !== undefined && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  );
}
