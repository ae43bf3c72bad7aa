import { mapPackage, mapProduct, mapRoom, mapSale } from "../domain/mapping.ts";
import type { DutchieRows, Resource, RowFailure, Settings } from "../domain/model.ts";
import type { Pepper } from "../domain/pseudonym.ts";
import type { RowsOf } from "../location/protocol.ts";

/** What mapping goes by beside the rows. `pepper` null: the store keeps no customers. */
export interface Mapping {
  settings: Settings;
  pepper: Pepper | null;
}

/** Decoded rows of one resource under ReUp's names, ready for the store's Location. */
export function mapRows<R extends Resource>(
  resource: R,
  chunk: { rows: DutchieRows[R][]; failures: RowFailure[] },
  mapping: Mapping,
): { rows: RowsOf; failures: RowFailure[] } {
  return { rows: mapped(resource, chunk.rows, mapping), failures: chunk.failures };
}

function mapped(resource: Resource, rows: DutchieRows[Resource][], { settings, pepper }: Mapping): RowsOf {
  switch (resource) {
    case "products":
      return { resource, rows: (rows as DutchieRows["products"][]).map(mapProduct) };
    case "inventory":
      return { resource, rows: (rows as DutchieRows["inventory"][]).map((row) => mapPackage(row, settings)) };
    case "sales":
      return { resource, rows: (rows as DutchieRows["sales"][]).map((row) => mapSale(row, pepper)) };
    case "rooms":
      return { resource, rows: (rows as DutchieRows["rooms"][]).map((row) => mapRoom(row, settings)) };
  }
}
