import { useEffect, useRef } from "react";

/** A new page of a list begins at its top. */
export function useTopOfPage(page: number) {
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current !== page) scrollTo(0, 0);
    shown.current = page;
  }, [page]);
}
