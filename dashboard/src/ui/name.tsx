import { Link } from "./link.tsx";

/** A name as others wrote it, of any length and direction: it takes three lines at most, and turns nothing round that follows. */
export function Name({ children, href }: { children: string; href?: string }) {
  if (href === undefined) {
    return (
      <bdi className="inline-block max-h-[3lh] overflow-hidden align-bottom wrap-anywhere" title={children}>
        {children}
      </bdi>
    );
  }
  return (
    <Link href={href} className="line-clamp-3 wrap-anywhere" title={children}>
      <bdi>{children}</bdi>
    </Link>
  );
}
