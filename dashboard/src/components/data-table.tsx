import { Table, VisuallyHidden } from "@mantine/core";
import type { Key, ReactNode } from "react";

export interface Column<T> {
  label: string;
  cell: (row: T) => ReactNode;
  /** Aligned to the right. */
  number?: boolean;
}

export interface DataTableProps<T> {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T, index: number) => Key;
}

/** A table that scrolls sideways on a phone, reachable by keyboard. */
export function DataTable<T>({ caption, columns, rows, keyOf }: DataTableProps<T>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="scroll" aria-label={caption} tabIndex={0}>
      <Table highlightOnHover withRowBorders verticalSpacing="xs">
        <caption style={{ height: 0, margin: 0, padding: 0 }}>
          <VisuallyHidden>{caption}</VisuallyHidden>
        </caption>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ label, number }) => (
              <Table.Th key={label} ta={number ? "right" : "left"} scope="col" style={{ whiteSpace: "nowrap" }}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={keyOf(row, index)}>
              {columns.map(({ label, cell, number }) => (
                <Table.Td key={label} ta={number ? "right" : "left"} className={number ? "numbers" : ""}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
