import { parseAsInteger, useQueryState } from "nuqs";
import { useTopOfPage } from "./use-top-of-page.ts";

/** The page of a list, by its number, in the address. */
export function useNumberedPage() {
  const [asked, ask] = useQueryState("page", parseAsInteger.withDefault(1).withOptions({ history: "push" }));
  const page = Math.max(1, asked);
  useTopOfPage(page);
  return {
    page,
    go: (to: number) => void ask(to === 1 ? null : to),
    /** For a changed filter: its list begins anew. */
    first: () => void ask(null, { history: "replace" }),
  };
}
