import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { texts } from "../texts.ts";
import { Checkbox } from "./checkbox.tsx";
import { classes } from "./classes.ts";

export interface Column<T extends RowData> {
  id: string;
  label: string;
  cell: (row: T) => ReactNode;
  /** Aligned to the right. */
  isNumber?: boolean;
  /** What the rows are sorted by; without it the column cannot be sorted. */
  sortBy?: (row: T) => string | number;
  /** A phone does not show it. */
  isSecondary?: boolean;
}

export interface Sorting {
  id: string;
  isDescending: boolean;
}

export interface DataTableProps<T extends RowData> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** null: the rows stay in the order in which they came. */
  sorting?: Sorting | null;
  onSorting?: (sorting: Sorting | null) => void;
  /** The keys of the chosen rows. Without it, no row can be chosen. */
  chosen?: ReadonlySet<string>;
  onChoose?: (keys: Set<string>) => void;
  /** The rows are in order already, for the server sorted them. */
  isSorted?: boolean;
}

const features = tableFeatures({
  rowSortingFeature,
  rowSelectionFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
});

/** More rows than that are drawn only where one looks. */
const DRAWN_WHOLE = 100;
/** px; each row is measured when it is drawn. */
const ROW_HEIGHT = 48;

/** The one table of the dashboard: sorted, chosen and scrolled alike in each list. Its head stays in sight. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { caption, columns, rows, keyOf, sorting = null, onSorting, chosen, onChoose, isSorted = false } = props;
  const definitions = useMemo<ColumnDef<typeof features, T>[]>(
    () =>
      columns.map(({ id, sortBy }) => ({
        id,
        accessorFn: (row: T) => sortBy?.(row) ?? null,
        enableSorting: sortBy !== undefined,
        sortFn: "basic" as const,
        sortUndefined: "last" as const,
      })),
    [columns],
  );
  const data = useMemo(() => [...rows], [rows]);
  // The same objects while they mean the same: the table publishes each new one, and would render for ever.
  const { id: sortedId, isDescending: desc = false } = sorting ?? {};
  const sortingState = useMemo(() => (sortedId === undefined ? [] : [{ id: sortedId, desc }]), [sortedId, desc]);
  const rowSelection = useMemo(() => selectionOf(chosen), [chosen]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: keyOf,
    manualSorting: isSorted,
    state: { sorting: sortingState, rowSelection },
    onRowSelectionChange: (update) => {
      const before = selectionOf(chosen);
      const after = typeof update === "function" ? update(before) : update;
      onChoose?.(new Set(Object.keys(after).filter((key) => after[key] === true)));
    },
  });
  const drawn = table.getRowModel().rows;
  const body = useRef<HTMLTableSectionElement>(null);
  // How far down the page the rows begin. What stands above them may grow.
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current !== null) setTop(Math.round(body.current.getBoundingClientRect().top + window.scrollY));
  });
  const virtual = useWindowVirtualizer({
    count: drawn.length,
    enabled: drawn.length > DRAWN_WHOLE,
    estimateSize: () => ROW_HEIGHT,
    // The first time, too, only what is in sight is drawn.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    overscan: 12,
    scrollMargin: top,
    getItemKey: (index) => drawn[index]?.id ?? index,
  });
  const seen = drawn.length > DRAWN_WHOLE ? virtual.getVirtualItems() : null;
  const first = seen?.[0]?.index ?? 0;
  const last = seen === null ? drawn.length - 1 : (seen.at(-1)?.index ?? -1);
  const above = seen === null ? 0 : (seen[0]?.start ?? 0) - virtual.options.scrollMargin;
  const below = seen === null ? 0 : virtual.getTotalSize() - ((seen.at(-1)?.end ?? 0) - virtual.options.scrollMargin);
  const width = columns.length + (chosen === undefined ? 0 : 1);
  const sortedBy = (id: string) => {
    if (sorting?.id !== id) return "none" as const;
    return sorting.isDescending ? ("descending" as const) : ("ascending" as const);
  };
  const sortNext = (id: string) => {
    if (sorting?.id !== id) onSorting?.({ id, isDescending: false });
    else onSorting?.(sorting.isDescending ? null : { id, isDescending: true });
  };
  return (
    <table className="w-full border-separate border-spacing-0 text-left" aria-rowcount={drawn.length + 1}>
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {chosen !== undefined && (
            <th scope="col" className="sticky top-0 z-10 w-8 border-b border-line bg-ground py-2 pr-2">
              <Checkbox
                isBare
                label={texts.common.chooseAll}
                checked={table.getIsAllRowsSelected() || (table.getIsSomeRowsSelected() && "indeterminate")}
                onChange={(now) => table.toggleAllRowsSelected(now)}
              />
            </th>
          )}
          {columns.map(({ id, label, isNumber = false, isSecondary = false, sortBy }) => (
            <th
              key={id}
              scope="col"
              {...(sortBy === undefined || onSorting === undefined ? {} : { "aria-sort": sortedBy(id) })}
              className={classes(
                "sticky top-0 z-10 border-b border-line bg-ground px-2 py-2 text-sm font-semibold wrap-normal md:whitespace-nowrap first:pl-0 last:pr-0",
                isNumber && "text-right",
                isSecondary && "max-md:hidden",
              )}
            >
              {sortBy === undefined || onSorting === undefined ? (
                label
              ) : (
                <button type="button" className="inline-flex items-center gap-1" onClick={() => sortNext(id)}>
                  {label}
                  {sorting?.id === id &&
                    (sorting.isDescending ? <ArrowDown aria-hidden size={14} /> : <ArrowUp aria-hidden size={14} />)}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {above > 0 && <Gap height={above} width={width} />}
        {drawn.slice(first, last + 1).map((row, index) => (
          <tr
            key={row.id}
            ref={seen === null ? undefined : virtual.measureElement}
            data-index={first + index}
            aria-rowindex={first + index + 2}
            className="group hover:bg-raised"
          >
            {chosen !== undefined && (
              <td className="border-b border-line py-2 pr-2 align-top">
                <Checkbox
                  isBare
                  label={texts.common.choose(textOf(columns, row.original))}
                  checked={row.getIsSelected()}
                  onChange={(now) => row.toggleSelected(now)}
                />
              </td>
            )}
            {columns.map(({ id, cell, isNumber = false, isSecondary = false }) => (
              <td
                key={id}
                className={classes(
                  "border-b border-line px-2 py-2 align-top first:pl-0 last:pr-0",
                  isNumber ? "text-right whitespace-nowrap tabular-nums" : "wrap-anywhere",
                  isSecondary && "max-md:hidden",
                )}
              >
                {cell(row.original)}
              </td>
            ))}
          </tr>
        ))}
        {below > 0 && <Gap height={below} width={width} />}
      </tbody>
    </table>
  );
}

/** Keeps the place of the rows that are not drawn. */
function Gap({ height, width }: { height: number; width: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

/** The row's name for screen readers: the first column that has one. */
function textOf<T extends RowData>(columns: readonly Column<T>[], row: T): string {
  return String(columns.find(({ sortBy }) => sortBy !== undefined)?.sortBy?.(row) ?? "");
}

const selectionOf = (chosen: ReadonlySet<string> = new Set()): RowSelectionState =>
  Object.fromEntries([...chosen].map((key) => [key, true as const]));
