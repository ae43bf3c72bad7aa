import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";
import { useRef } from "react";
import { useTopOfPage } from "./use-top-of-page.ts";

/**
 * The pages of a list that the server gives by cursors, in the address: Back and a kept link lead to the same page. After a
 * reload, the way back to the pages before is not known, and leads to the first.
 */
export function useCursorPages() {
  const [{ page, after }, ask] = useQueryStates(
    { page: parseAsInteger.withDefault(1), after: parseAsString },
    { history: "push" },
  );
  const cursors = useRef(new Map<number, string | null>([[1, null]]));
  cursors.current.set(page, page === 1 ? null : after);
  useTopOfPage(page);
  return {
    page,
    /** For a changed filter: its list begins anew. */
    first: () => void ask({ page: null, after: null }),
    cursor: page === 1 ? null : after,
    go: (to: number, next_cursor: string | null) => {
      const known = to > page ? next_cursor : (cursors.current.get(to) ?? null);
      void ask(known === null ? { page: null, after: null } : { page: to, after: known });
    },
  };
}
