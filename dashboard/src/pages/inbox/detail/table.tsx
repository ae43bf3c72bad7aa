import type { ReactNode } from "react";
import { classes } from "../../../ui/classes.ts";

export interface TableProps {
  caption: string;
  head: readonly string[];
  /** The first cell of a row names it. */
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  /** The last column has numbers. */
  hasNumbers?: boolean;
}

/** A small table to compare: it scrolls within itself, so that the page never is wider than a phone. */
export function Table({ caption, head, rows, hasNumbers = false }: TableProps) {
  const side = (i: number) => hasNumbers && i === head.length - 1 && "text-right tabular-nums whitespace-nowrap";
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="overflow-x-auto" aria-label={caption} tabIndex={0}>
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {head.map((label, i) => (
              <th key={label} scope="col" className={classes("border-b border-line py-1.5 pr-3 align-bottom", side(i))}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells: [name, ...values] }) => (
            <tr key={key}>
              <th scope="row" className="border-b border-line py-1.5 pr-3 text-left align-top font-medium">
                {name}
              </th>
              {values.map((value, i) => (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: the columns stay where they are.
                  key={i}
                  className={classes("border-b border-line py-1.5 pr-3 align-top", side(i + 1) || "wrap-anywhere")}
                >
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
