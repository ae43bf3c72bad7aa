import type { RowsOf } from "../../contract/location.ts";
import type { Pepper } from "../../domain/insights/pseudonym.ts";
import { mapPackage, mapProduct, mapRoom, mapSale } from "../../domain/records/mapping.ts";
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

/** Decoded rows of one resource under ReUp's names, ready for the store's Location. A row that throws fails alone. */
export function mapRows<R extends Resource>(
  resource: R,
  chunk: { rows: DutchieRows[R][]; failures: RowFailure[] },
  mapping: Mapping,
): { rows: RowsOf; failures: RowFailure[] } {
  const failures = [...chunk.failures];
  const each = <A, B>(rows: A[], map: (row: A) => B, idOf: (row: A) => string | null): B[] =>
    rows.flatMap((row) => {
      try {
        return [map(row)];
      } catch (error) {
        log("row_not_mapped", { resource, fault: error });
        failures.push({ resource, dutchie_id: idOf(row), reason: OUR_FAULT });
        return [];
      }
    });
  return { rows: mapped(resource, chunk.rows, mapping, each), failures };
}

type Each = <A, B>(rows: A[], map: (row: A) => B, idOf: (row: A) => string | null) => B[];

function mapped(
  resource: Resource,
  rows: DutchieRows[Resource][],
  { settings, pepper, lines_due }: Mapping,
  each: Each,
): RowsOf {
  switch (resource) {
    case "products":
      return { resource, rows: each(rows as DutchieRows["products"][], mapProduct, (row) => row.dutchie_product_id) };
    case "inventory":
      return {
        resource,
        rows: each(
          rows as DutchieRows["inventory"][],
          (row) => mapPackage(row, settings),
          (row) => row.dutchie_inventory_id,
        ),
      };
    case "sales":
      return {
        resource,
        rows: each(
          rows as DutchieRows["sales"][],
          (row) => mapSale(row, pepper, lines_due),
          (row) => row.dutchie_transaction_id,
        ),
      };
    case "rooms":
      return {
        resource,
        rows: each(
          rows as DutchieRows["rooms"][],
          (row) => mapRoom(row, settings),
          (row) => row.dutchie_room_id,
        ),
      };
  }
}
