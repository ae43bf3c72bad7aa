import type { RowData } from "@tanstack/react-table";
import type { ReactNode } from "react";
import { type Filters, type RecordKind, useDownload, useRecords } from "../../../data/records.ts";
import { count } from "../../../format.ts";
import { paths } from "../../../navigation.ts";
import { texts } from "../../../texts.ts";
import { Button } from "../../../ui/button.tsx";
import { type Chip, Chips } from "../../../ui/chips.tsx";
import { type Column, DataTable } from "../../../ui/data-table.tsx";
import { Empty } from "../../../ui/empty.tsx";
import { Link } from "../../../ui/link.tsx";
import { ListState } from "../../../ui/list-state.tsx";
import { Paged } from "../../../ui/paged.tsx";
import { Problem } from "../../../ui/problem.tsx";
import { sortingOf, sortingText } from "../../../ui/sorting.ts";
import type { useNumberedPage } from "../../../use-numbered-page.ts";
import { useStore } from "../store-context.ts";
import { MAX_PAGES, pagesOf } from "./pages-of.ts";

const t = texts.inventory;

export interface RecordListProps<T extends RowData> {
  kind: RecordKind;
  words: { list: string; one: string; many: string };
  /** null: what was entered cannot be asked for. */
  filters: Filters | null;
  chips: readonly Chip[];
  onClear: () => void;
  pages: ReturnType<typeof useNumberedPage>;
  /** As in the address: a column, with `-` from its greatest value. */
  sort: string;
  onSort: (sort: string | null) => void;
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  /** Beside the download. */
  actions?: ReactNode;
  /** The fields that set the filters. */
  children: ReactNode;
}

/** A list of records: its filters, one page of it, and the whole as a file. */
export function RecordList<T extends RowData>({
  kind,
  words,
  filters,
  chips,
  onClear,
  pages,
  sort,
  onSort,
  columns,
  keyOf,
  ...rest
}: RecordListProps<T>) {
  const { location_id } = useStore().location;
  const list = useRecords<T>(location_id, kind, filters, { page: pages.page, sort });
  const csv = useDownload(location_id, kind, filters ?? {});
  const total = list.data?.pagination.total;
  return (
    <div className="flex flex-col gap-3">
      <search className="flex flex-wrap items-end gap-2">
        {rest.children}
        <div className="ml-auto flex flex-wrap items-center gap-2">
          {rest.actions}
          <Button
            size="sm"
            busy={csv.isBusy}
            disabled={filters === null || total === 0}
            onClick={() => void csv.run(words.many)}
          >
            {t.download}
          </Button>
        </div>
      </search>
      {csv.error !== undefined && <Problem what={t.notDownloaded} error={csv.error} />}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <Chips chips={chips} onClear={onClear} />
        {filters !== null && total !== undefined && (
          <p role="status" className="text-sm text-dim">
            {t.found(total, words)}
          </p>
        )}
      </div>
      {filters !== null && (
        <ListState list={list} what={`the ${words.many}`} notLoaded={t.notLoaded(words.many)}>
          {({ data, pagination }) => (
            <Paged
              isEmpty={data.length === 0}
              empty={<Nothing isFiltered={chips.length > 0} many={words.many} onClear={onClear} />}
              page={pages.page}
              pages={pagesOf(pagination.total)}
              hasNext={pages.page < pagesOf(pagination.total)}
              isBusy={list.isLoading}
              onPage={pages.go}
            >
              <DataTable
                caption={words.list}
                columns={columns}
                rows={data}
                keyOf={keyOf}
                isSorted
                sorting={sortingOf(sort)}
                onSorting={(next) => onSort(sortingText(next) || null)}
              />
              {pages.page === MAX_PAGES && <p className="text-sm text-dim">{t.more(count(MAX_PAGES))}</p>}
            </Paged>
          )}
        </ListState>
      )}
    </div>
  );
}

function Nothing({ isFiltered, many, onClear }: { isFiltered: boolean; many: string; onClear: () => void }) {
  const { location_id } = useStore().location;
  if (isFiltered)
    return <Empty title={t.nothingFits(many)} action={<Button onClick={onClear}>{t.showAll(many)}</Button>} />;
  return (
    <Empty
      title={t.none(many)}
      action={
        <Button asChild>
          <Link isPlain href={paths.activity(location_id, "syncs")}>
            {t.goToSyncs}
          </Link>
        </Button>
      }
    >
      {t.noneAbout}
    </Empty>
  );
}
