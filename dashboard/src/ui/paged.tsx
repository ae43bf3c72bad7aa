import type { ReactNode } from "react";
import { texts } from "../texts.ts";
import { Pager, type PagerProps } from "./pager.tsx";

export interface PagedProps extends PagerProps {
  /** This page has no row. */
  isEmpty: boolean;
  /** Instead of all, when the whole list has nothing. */
  empty: ReactNode;
  children: ReactNode;
}

/** One page of a list, and the way to the others. A later page can have become empty: it leads back. */
export function Paged({ isEmpty, empty, children, ...pager }: PagedProps) {
  const { page, pages, hasNext, onPage } = pager;
  if (isEmpty && page === 1 && !hasNext) return empty;
  // Beyond the end: how many pages there are says nothing of this one, and Previous leads to the last of them.
  const isBeyond = pages !== null && page > pages;
  return (
    <div>
      {isEmpty ? <p className="text-dim">{texts.common.emptyPage}</p> : children}
      {(hasNext || page > 1) && (
        <Pager
          {...pager}
          pages={isBeyond ? null : pages}
          onPage={(to) => onPage(isBeyond ? Math.min(to, pages) : to)}
        />
      )}
    </div>
  );
}
