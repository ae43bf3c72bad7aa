import { texts } from "../texts.ts";
import { Button } from "./button.tsx";

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
    <nav aria-label={texts.common.pages} className="mt-3 flex items-center justify-between gap-2">
      <Button disabled={page === 1} onClick={() => onPage(page - 1)}>
        {texts.common.previousPage}
      </Button>
      <p role="status" className="text-sm">
        {isBusy ? texts.common.loading("the page") : texts.common.page(page, pages)}
      </p>
      <Button disabled={!hasNext || isBusy} onClick={() => onPage(page + 1)}>
        {texts.common.nextPage}
      </Button>
    </nav>
  );
}
