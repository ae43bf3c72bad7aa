import { PUSH_FIELDS, type PushField } from "../../domain/records/model.ts";
import { iso, modifiedFrom, type Profile, type ReadWindow, renamed } from "./profile.ts";

/** The simplified API of ReUp's guide: short paths and names, lists bare or in pages, optionally several locations behind one key. */
export const guide: Profile = {
  name: "guide",
  whoami: { path: "/whoami", rate: "inventory", required: false },
  location_parameter: "locationId",
  row_per_room: true,
  // The guide does not promise lines.
  sales_have_lines: false,
  // Dutchie allows 60 days, some servers only 31. One day more is asked for when Dutchie's clock is wrong.
  sales_window_days: 30,
  resources: {
    products: { path: "/products", rate: "standard", role: "Inventory", query: modifiedFrom },
    inventory: { path: "/inventory", rate: "inventory", role: "Inventory", query: () => ({}) },
    sales: { path: "/transactions", rate: "standard", role: "Reporting", query: fromTo },
    rooms: { path: "/rooms", rate: "standard", role: "Room", query: () => ({}) },
  },
  writes: {
    sparse: PUSH_FIELDS,
    sparseSize: 1,
    sparseCall: ([row]) => ({
      method: "PATCH",
      path: `/products/${encodeURIComponent(row?.dutchie_product_id ?? "")}`,
      rate: "standard",
      role: "Inventory",
      body: renamed(row?.values ?? {}, NAMES),
    }),
    wholeCall: null,
  },
};

const NAMES: Record<PushField, string> = {
  product_name: "name",
  brand: "brandName",
  category: "category",
  subcategory: "strainType",
  thc_percentage: "potencyThc",
  cbd_percentage: "potencyCbd",
  unit_price: "price",
  unit_cost: "unitCost",
};

function fromTo(window: ReadWindow): Record<string, string> {
  const { modified_to } = window;
  return { ...modifiedFrom(window), ...(modified_to === undefined ? {} : { toLastModifiedDateUTC: iso(modified_to) }) };
}
