import { texts } from "../texts.ts";
import { Button } from "./button.tsx";
import { pagesAround } from "./pages-around.ts";

export interface PagerProps {
  page: number;
  /** null: not known. */
  pages: number | null;
  hasNext: boolean;
  isBusy: boolean;
  onPage: (page: number) => void;
}

export function Pager({ page, pages, hasNext, isBusy, onPage }: PagerProps) {
  return (
    <nav aria-label={texts.common.pages} className="mt-3 flex flex-wrap items-center justify-between gap-2">
      <Button className="max-sm:px-2" disabled={page === 1} onClick={() => onPage(page - 1)}>
        {texts.common.previousPage}
      </Button>
      <div className="flex items-center gap-1">
        {pages !== null && pages > 1 && (
          <ul className="flex items-center gap-1 max-md:hidden">
            {pagesAround(page, pages).map((each) => (
              <li key={each}>
                {each < 0 ? (
                  <span aria-hidden>…</span>
                ) : (
                  <Button
                    size="sm"
                    kind={each === page ? "secondary" : "ghost"}
                    aria-label={texts.common.page(each, null)}
                    {...(each === page ? { "aria-current": "page" as const } : {})}
                    onClick={() => onPage(each)}
                  >
                    {each}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        <p role="status" className="px-2 text-sm max-sm:px-0">
          {isBusy ? texts.common.loading("the page") : texts.common.page(page, pages)}
        </p>
      </div>
      <Button className="max-sm:px-2" disabled={!hasNext || isBusy} onClick={() => onPage(page + 1)}>
        {texts.common.nextPage}
      </Button>
    </nav>
  );
}
