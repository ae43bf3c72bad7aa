import { MAX_REASON } from "../../domain/bounds.ts";
import type { DutchieRows, Resource, RowFailure } from "../../domain/records/model.ts";
import { OUR_FAULT } from "../../platform/failures.ts";
import { log } from "../../platform/log.ts";
import type { Decoded } from "./decoded.ts";
import { id } from "./fields.ts";
import { decodeInventory } from "./inventory.ts";
import { decodeProduct } from "./product.ts";
import { decodeRoom } from "./room.ts";
import { decodeSale } from "./sale.ts";

export type { Decoded };
export { decodeInventory, decodeProduct, decodeRoom, decodeSale };

const DECODERS: { [R in Resource]: (row: unknown) => Decoded<DutchieRows[R]> } = {
  products: decodeProduct,
  inventory: decodeInventory,
  sales: decodeSale,
  rooms: decodeRoom,
};

/** One tolerant decoder for every profile: each field under the guide's name or the POS API's. Never throws: a bug of ours fails only its row. */
export function decodeRow<R extends Resource>(resource: R, row: unknown): Decoded<DutchieRows[R]> {
  try {
    return DECODERS[resource](row);
  } catch (error) {
    log("row_not_decoded", { resource, fault: error });
    return { ok: false, dutchie_id: null, reason: OUR_FAULT };
  }
}

export interface DecodedRows<R extends Resource> {
  rows: DutchieRows[R][];
  failures: RowFailure[];
  /** How many keys, over all rows, this decoder does not know. */
  unknown: number;
  /** The keys of the first row that lacks a needed one. For the connection test alone; never stored. */
  keys?: string;
}

export const noRows = <R extends Resource>(): DecodedRows<R> => ({ rows: [], failures: [], unknown: 0 });

/** A bad row becomes a failure and leaves the others alone. */
export function decodeRows<R extends Resource>(resource: R, values: readonly unknown[]): DecodedRows<R> {
  const result = noRows<R>();
  for (const value of values) addRow(result, resource, value);
  return result;
}

/** Decodes one more row. */
export function addRow<R extends Resource>(to: DecodedRows<R>, resource: R, value: unknown): void {
  const decoded = decodeRow(resource, value);
  if (decoded.ok) {
    to.rows.push(decoded.row);
    to.unknown += decoded.unknown;
    return;
  }
  to.failures.push({ resource, dutchie_id: decoded.dutchie_id, reason: decoded.reason.slice(0, MAX_REASON) });
  if (decoded.keys !== undefined) to.keys ??= decoded.keys;
}

/** An id in JSON text: a string without escapes, or a number short enough to keep all its digits. */
const ID_PATTERNS: Record<Resource, RegExp> = {
  products: /"(?:productId|id)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15})\b)/i,
  inventory: /"(?:inventoryId|id)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15})\b)/i,
  sales: /"(?:transactionId|id)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15})\b)/i,
  rooms: /"(?:roomId|id)"\s*:\s*(?:"([^"\\]{1,200})"|(\d{1,15})\b)/i,
};

/**
 * The id of a row that is not valid JSON, taken from its text, so that a person can find the row in Dutchie. Reads only
 * up to the first nested object or list: after it, an `id` may belong to a room or a line.
 */
export function idInText(resource: Resource, text: string): string | null {
  const flat = text.slice(1).split(/[[{]/, 1)[0] ?? "";
  const match = ID_PATTERNS[resource].exec(flat);
  return id(match?.[1] ?? match?.[2]);
}
