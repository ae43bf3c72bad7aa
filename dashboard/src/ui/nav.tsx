import { classes } from "./classes.ts";
import { Link } from "./link.tsx";

export interface NavItem {
  href: string;
  label: string;
  /** How many things wait there. */
  waiting?: number | undefined;
  isCurrent: boolean;
}

/** The places of a page: real links, so that each can be opened in a tab, sent and kept. */
export function Nav({ label, items }: { label: string; items: readonly NavItem[] }) {
  return (
    <nav aria-label={label} className="mb-4 overflow-x-auto border-b border-line">
      <ul className="flex gap-1 max-sm:gap-0">
        {items.map(({ href, label: name, waiting = 0, isCurrent }) => (
          <li key={href}>
            <Link
              isPlain
              href={href}
              {...(isCurrent ? { "aria-current": "page" as const } : {})}
              className={classes(
                "flex min-h-10 items-center gap-2 border-b-2 px-3 whitespace-nowrap max-sm:px-2",
                isCurrent ? "border-brand font-semibold text-ink" : "border-transparent text-dim hover:text-ink",
              )}
            >
              {name}
              {waiting > 0 && <span className="rounded-full bg-warn-fill px-1.5 text-sm text-warn">{waiting}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
