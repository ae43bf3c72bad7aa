import type { ProfileName } from "../../contract/http/locations.ts";
import type { RateClass } from "../../domain/limits/budget.ts";
import type { PushField, Resource } from "../../domain/records/model.ts";
import type { FieldValue } from "../../domain/records/overrides.ts";

export type { RateClass };

/** What to read, in milliseconds of Dutchie's clock; both ends by last-modified. */
export interface ReadWindow {
  modified_from?: number;
  modified_to?: number;
}

interface ResourceCall {
  path: string;
  rate: RateClass;
  /** The role that a key needs, by Dutchie's name; null: unknown. */
  role: string | null;
  /** Query parameters by name. `now` is the end of a window that has none. */
  query: (window: ReadWindow, now: number) => Record<string, string>;
}

/** One kind of Dutchie API, as data: client and decoder are the same for all profiles. */
export interface Profile {
  name: ProfileName;
  resources: Record<Resource, ResourceCall>;
  /** `required: false`: a server of this profile may lack it. */
  whoami: { path: string; rate: RateClass; required: boolean };
  /** The query parameter for the location; null: the key alone decides the location. */
  location_parameter: string | null;
  /** Whether a package has one row per room; otherwise one row lists its rooms. */
  row_per_room: boolean;
  /** Whether every sale comes with its lines, so that a sale without them is incomplete. */
  sales_have_lines: boolean;
  /** The longest window of last-modified that one read of sales may have. */
  sales_window_days: number;
  writes: ProductWrites;
}

/** Values to write into one product, under ReUp's names. */
export interface FieldValues {
  dutchie_product_id: string;
  values: Partial<Record<PushField, FieldValue>>;
  /** Whether `unit_price` is Dutchie's recreational price. */
  is_rec_price?: boolean;
}

export interface WriteCall {
  method: "POST" | "PATCH";
  path: string;
  rate: RateClass;
  role: string;
  body: unknown;
}

/** How a profile's products are written. */
interface ProductWrites {
  /** Fields that can be written alone, without changing the rest of the product. */
  sparse: readonly PushField[];
  sparseCall: (rows: readonly FieldValues[]) => WriteCall;
  /** How many products one sparse call may contain. */
  sparseSize: number;
  /** Writes the whole product; `raw` is the product as just read. null: every field can be written alone. */
  wholeCall: ((raw: Record<string, unknown>, row: FieldValues) => WriteCall) | null;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The only parameter of products, in both profiles. */
export function modifiedFrom({ modified_from }: ReadWindow): Record<string, string> {
  return modified_from === undefined ? {} : { fromLastModifiedDateUTC: iso(modified_from) };
}

/** Values under Dutchie's names. */
export function renamed(
  values: FieldValues["values"],
  names: Partial<Record<PushField, string>>,
): Record<string, FieldValue> {
  const entries = Object.entries(values).flatMap(([field, value]) => {
    const name = names[field as PushField];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}
