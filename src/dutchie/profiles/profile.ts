import type { ProfileName } from "../../contract/http/locations.ts";
import type { PushField, Resource } from "../../domain/records/model.ts";
import type { FieldValue } from "../../domain/records/overrides.ts";
import type { RateClass } from "../../domain/runs/budget.ts";

export type { RateClass };

/** What to read, in milliseconds of Dutchie's clock; both ends by last-modified. */
export interface ReadWindow {
  modified_from?: number;
  modified_to?: number;
}

interface ResourceCall {
  path: string;
  rate: RateClass;
  /** The role a key needs for it, as Dutchie names it; null: not told. */
  role: string | null;
  /** Query parameters by name. `now` is for endpoints that want both ends of a window. */
  query: (window: ReadWindow, now: number) => Record<string, string>;
}

/** One way to speak to a Dutchie: data only, the client and the decoder are the same for all. */
export interface Profile {
  name: ProfileName;
  resources: Record<Resource, ResourceCall>;
  /** `required: false`: a server without it is still one of this profile. */
  whoami: { path: string; rate: RateClass; required: boolean };
  /** Query parameter that names the location; null: the key alone does. */
  location_parameter: string | null;
  /** Whether a package has a row for each room it lies in; else one row lists its rooms. */
  row_per_room: boolean;
  /** Whether each sale that is read comes with its lines; else one without the key has none to tell of. */
  sales_have_lines: boolean;
  /** The longest span of last-modified that one read of sales may cover. */
  sales_window_days: number;
  writes: ProductWrites;
}

/** Values to write into one product, under ReUp's names. */
export interface FieldValues {
  dutchie_product_id: string;
  values: Partial<Record<PushField, FieldValue>>;
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
  /** Fields that can be told alone: nothing else of the product changes. */
  sparse: readonly PushField[];
  sparseCall: (rows: readonly FieldValues[]) => WriteCall;
  /** How many products one sparse call takes. */
  sparseSize: number;
  /** Writes the product whole: `raw` is the product as it was just read. null: every field can be told alone. */
  wholeCall: ((raw: Record<string, unknown>, row: FieldValues) => WriteCall) | null;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Products take this one parameter in both profiles. */
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
