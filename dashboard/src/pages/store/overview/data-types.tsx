import { Table, Text } from "@mantine/core";
import type { Status } from "../../../../../src/client/index.ts";
import { Time } from "../../../components/time.tsx";

const NAMES = { products: "Products", inventory: "Packages", sales: "Sales" } as const;

/** The state of each data type. One that fails does not stop the others. */
export function DataTypes({ types }: { types: Status["data_types"] }) {
  const keys = Object.keys(NAMES) as (keyof typeof NAMES)[];
  return (
    <Table aria-label="Data types">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Data type</Table.Th>
          <Table.Th>Last read</Table.Th>
          <Table.Th>Next read</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {keys.map((key) => (
          <Line key={key} name={NAMES[key]} type={types[key]} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Line({ name, type }: { name: string; type: Status["data_types"]["products"] }) {
  if (type === null) {
    return (
      <Table.Tr>
        <Table.Td>{name}</Table.Td>
        <Table.Td colSpan={3}>Switched off</Table.Td>
      </Table.Tr>
    );
  }
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Table.Td>
        <Time at={type.last_success_at} relative />
      </Table.Td>
      <Table.Td>
        <Time at={type.next_sync_at} relative none="not planned" />
      </Table.Td>
      <Table.Td>
        {type.error === null ? (
          "OK"
        ) : (
          <Text size="sm" c="red">
            {type.error.message}. {type.error.hint}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
