import { Table } from "@mantine/core";
import type { Review } from "../../../../../src/client/index.ts";
import { nameOfField, shownValue } from "../records/product-fields.ts";

/** Each field's value before, and what each side changed it to. */
export function ConflictTable({ conflicts }: { conflicts: Review["conflicts"] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section className="scroll" aria-label="Both edits" tabIndex={0}>
      <Table withColumnBorders>
        <Table.Thead>
          <Table.Tr>
            {["Field", "Before", "Dutchie now", "ReUp's edit"].map((label) => (
              <Table.Th key={label} scope="col">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {conflicts.map(({ field, base, dutchie_value, reup_value }) => (
            <Table.Tr key={field}>
              <Table.Th scope="row">{nameOfField(field)}</Table.Th>
              {[base, dutchie_value, reup_value].map((value, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three columns that stay where they are.
                <Table.Td key={i}>{shownValue(field, value)}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
