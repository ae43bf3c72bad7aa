import type { RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { ListState, type ListStateProps } from "../../../ui/list-state.tsx";
import { Paged } from "../../../ui/paged.tsx";
import type { useCursorPages } from "../../../use-cursor-pages.ts";

interface Page<T> {
  data: readonly T[];
  next_cursor: string | null;
}

export interface CursorTableProps<T extends RowData> {
  list: ListStateProps<Page<T>>["list"] & { isLoading: boolean };
  pages: ReturnType<typeof useCursorPages>;
  /** "the webhooks" */
  what: string;
  notLoaded: string;
  caption: string;
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  /** Instead of a table, when the whole list has nothing. */
  empty: ReactNode;
}

/** A list that the server gives by cursors. */
export function CursorTable<T extends RowData>({
  list,
  pages,
  what,
  notLoaded,
  caption,
  columns,
  keyOf,
  empty,
}: CursorTableProps<T>) {
  return (
    <ListState list={list} what={what} notLoaded={notLoaded}>
      {({ data, next_cursor }) => (
        <Paged
          isEmpty={data.length === 0}
          empty={empty}
          page={pages.page}
          pages={null}
          hasNext={next_cursor !== null}
          isBusy={list.isLoading}
          onPage={(to) => pages.go(to, next_cursor)}
        >
          <DataTable caption={caption} columns={columns} rows={data} keyOf={keyOf} />
        </Paged>
      )}
    </ListState>
  );
}
