import { iso, modifiedFrom, type Profile, type ReadWindow } from "./profile.ts";

/** The simplified API of ReUp's guide: short paths and names, lists bare or in pages, optionally several locations behind one key. */
export const guide: Profile = {
  name: "guide",
  whoami: { path: "/whoami", rate: "inventory", required: false },
  location_parameter: "locationId",
  sales_window_days: 60,
  resources: {
    products: { path: "/products", rate: "standard", role: "Inventory", query: modifiedFrom },
    inventory: { path: "/inventory", rate: "inventory", role: "Inventory", query: () => ({}) },
    sales: { path: "/transactions", rate: "standard", role: "Reporting", query: fromTo },
    rooms: { path: "/rooms", rate: "standard", role: "Room", query: () => ({}) },
  },
};

function fromTo(window: ReadWindow): Record<string, string> {
  const { modified_to } = window;
  return { ...modifiedFrom(window), ...(modified_to === undefined ? {} : { toLastModifiedDateUTC: iso(modified_to) }) };
}
