import { parseAsInteger, useQueryState } from "nuqs";
import { useEffect, useRef } from "react";

/** The page of a list, by its number, in the address. */
export function useNumberedPage() {
  const [asked, ask] = useQueryState("page", parseAsInteger.withDefault(1).withOptions({ history: "push" }));
  const page = Math.max(1, asked);
  const shown = useRef(page);
  useEffect(() => {
    // A new page begins at its top.
    if (shown.current !== page) scrollTo(0, 0);
    shown.current = page;
  }, [page]);
  return {
    page,
    go: (to: number) => void ask(to === 1 ? null : to),
    /** For a changed filter: its list begins anew. */
    first: () => void ask(null, { history: "replace" }),
  };
}
