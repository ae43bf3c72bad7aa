import { iso, modifiedFrom, type Profile, renamed } from "./profile.ts";
import { wholeProduct } from "./whole-product.ts";

const DAY = 86_400_000;
// Dutchie allows 60 days. With 7, the answer of a busy store stays at a few megabytes, and each week is a checkpoint.
const SALES_WINDOW_DAYS = 7;

/** Dutchie's ids are numbers. An id that is not written as one goes back as it came: "007" as 7 would be another product. */
const sentId = (id: string): number | string => (String(Number(id)) === id ? Number(id) : id);

/** The real API of Dutchie POS: bare lists, no pages, one key per location. */
export const pos: Profile = {
  name: "pos",
  whoami: { path: "/whoami", rate: "inventory", required: true },
  location_parameter: null,
  row_per_room: false,
  // Every request asks for lines (IncludeDetail): a missing key means that Dutchie left them out.
  sales_have_lines: true,
  sales_window_days: SALES_WINDOW_DAYS,
  resources: {
    products: {
      path: "/reporting/products",
      rate: "reporting",
      role: "Reporting",
      query: modifiedFrom,
    },
    inventory: {
      // Not /inventory, which has no cost and answered [] for stores that had stock. Neither filters by last-modified.
      path: "/reporting/inventory",
      rate: "reporting",
      role: "Reporting",
      query: () => ({ includeLabResults: "false", includeRoomQuantities: "true", includeAllocated: "true" }),
    },
    sales: {
      path: "/reporting/transactions",
      rate: "reporting",
      role: "Reporting",
      // Always both ends: without a window the API chooses one itself. Without IncludeDetail there are no lines.
      query: ({ modified_from, modified_to }, now) => {
        const to = modified_to ?? now;
        const from = modified_from ?? to - SALES_WINDOW_DAYS * DAY;
        return { FromLastModifiedDateUTC: iso(from), ToLastModifiedDateUTC: iso(to), IncludeDetail: "true" };
      },
    },
    rooms: { path: "/room/rooms", rate: "standard", role: "Room", query: () => ({}) },
  },
  writes: {
    // The location's own price and cost. Other locations share the product's master values.
    sparse: ["unit_price", "unit_cost"],
    sparseSize: 50,
    sparseCall: (rows) => ({
      method: "POST",
      path: "/products/location-overrides",
      rate: "bulk",
      role: "Inventory",
      body: rows.map(({ dutchie_product_id, values, is_rec_price }) => ({
        productId: sentId(dutchie_product_id),
        ...renamed(values, { unit_price: is_rec_price ? "recPrice" : "price", unit_cost: "cost" }),
      })),
    }),
    wholeCall: (raw, row) => ({
      method: "POST",
      path: "/products/product",
      rate: "standard",
      role: "Inventory",
      body: wholeProduct(raw, row.values),
    }),
  },
};
