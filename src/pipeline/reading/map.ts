import type { RowsOf } from "../../contract/location.ts";
import type { Pepper } from "../../domain/insights/pseudonym.ts";
import { type IncomingRows, mapPackage, mapProduct, mapRoom, mapSale } from "../../domain/records/mapping.ts";
import type { DutchieRows, Resource, RowFailure, Settings } from "../../domain/records/model.ts";
import { OUR_FAULT } from "../../platform/failures.ts";
import { log } from "../../platform/log.ts";

/** What mapping needs beside the rows. `pepper` null: the store keeps no customers. */
export interface Mapping {
  settings: Settings;
  pepper: Pepper | null;
  /** Whether a sale without a list of lines was cut short; absent: it has none. */
  lines_due?: boolean;
}

interface Mapper<R extends Resource> {
  map(row: DutchieRows[R], mapping: Mapping): IncomingRows[R];
  idOf(row: DutchieRows[R]): string | null;
}

const MAPPERS: { [R in Resource]: Mapper<R> } = {
  products: { map: (row) => mapProduct(row), idOf: (row) => row.dutchie_product_id },
  inventory: { map: (row, { settings }) => mapPackage(row, settings), idOf: (row) => row.dutchie_inventory_id },
  sales: {
    map: (row, { pepper, lines_due }) => mapSale(row, pepper, lines_due),
    idOf: (row) => row.dutchie_transaction_id,
  },
  rooms: { map: (row, { settings }) => mapRoom(row, settings), idOf: (row) => row.dutchie_room_id },
};

/** Decoded rows of one resource under ReUp's names, ready for the store's Location. A row that throws fails alone. */
export function mapRows<R extends Resource>(
  resource: R,
  chunk: { rows: DutchieRows[R][]; failures: RowFailure[] },
  mapping: Mapping,
): { rows: RowsOf; failures: RowFailure[] } {
  const { map, idOf }: Mapper<R> = MAPPERS[resource];
  const failures = [...chunk.failures];
  const rows = chunk.rows.flatMap((row): IncomingRows[R][] => {
    try {
      return [map(row, mapping)];
    } catch (error) {
      log("row_not_mapped", { resource, fault: error });
      failures.push({ resource, dutchie_id: idOf(row), reason: OUR_FAULT });
      return [];
    }
  });
  // The cast says what TypeScript cannot: the rows are of this resource.
  return { rows: { resource, rows } as RowsOf, failures };
}
