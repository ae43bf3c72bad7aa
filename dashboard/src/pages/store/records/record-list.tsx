import { Button, Group } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Loading } from "../../../components/loading.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Pager, usePages } from "../../../components/pager.tsx";
import { Problem } from "../../../components/problem.tsx";
import { downloadCsv, type Filters, useRecords } from "../../../data/records.ts";
import { useStore } from "../store-context.ts";

export interface RecordListProps<T> {
  kind: "products" | "inventory" | "sales";
  filters: Filters;
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  /** The fields that set the filters. */
  children: ReactNode;
}

/** A list of records that shows one page at a time. */
export function RecordList<T>({ kind, filters, columns, keyOf, children }: RecordListProps<T>) {
  const { location } = useStore();
  const pages = usePages();
  const key = JSON.stringify(filters);
  const before = useRef(key);
  useEffect(() => {
    if (before.current !== key) pages.first();
    before.current = key;
  });
  const records = useRecords<T>(location.location_id, kind, filters, pages.cursor);
  const csv = useMutation({ mutationFn: () => downloadCsv(location.location_id, kind, filters) });
  const filtered = Object.values(filters).some((value) => value !== "");
  return (
    <>
      <Group align="end" gap="sm" component="search">
        {children}
        <Button variant="default" loading={csv.isPending} onClick={() => csv.mutate()}>
          Download CSV
        </Button>
      </Group>
      {csv.isError && <Problem what="The CSV file could not be made" error={csv.error} />}
      {records.isPending && <Loading what={kind} />}
      {records.isError && (
        <Problem what={`The ${kind} could not be loaded`} error={records.error} retry={records.refetch} />
      )}
      {records.data?.data.length === 0 && (
        <Notice tone="info" title={filtered ? `No ${kind} match` : `No ${kind} yet`}>
          {filtered ? "Change or clear the search." : "Run the initial sync on Sync Status."}
        </Notice>
      )}
      {records.data !== undefined && records.data.data.length > 0 && (
        <>
          <DataTable caption={kind} columns={columns} rows={records.data.data} keyOf={keyOf} />
          <Pager pages={pages} next_cursor={records.data.next_cursor} busy={records.isPlaceholderData} />
        </>
      )}
    </>
  );
}
