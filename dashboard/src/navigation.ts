/** Pages have real paths, so that people can keep and send them. */
const store = (location_id: string) => `/stores/${encodeURIComponent(location_id)}`;

export const paths = {
  stores: "/",
  inbox: "/inbox",
  inboxOf: (location_id: string) => `/inbox?store=${encodeURIComponent(location_id)}`,
  connect: "/connect",
  reconnect: (location_id: string) => `/connect?location=${encodeURIComponent(location_id)}`,
  notifications: "/notifications",
  overview: store,
  inventory: (location_id: string, list: "products" | "packages" | "sales" | "customers" = "products") =>
    `${store(location_id)}/inventory/${list}`,
  product: (location_id: string, product_id: string) =>
    `${store(location_id)}/products/${encodeURIComponent(product_id)}`,
  activity: (location_id: string, list: "changes" | "syncs" | "webhooks" | "edits" = "changes") =>
    `${store(location_id)}/activity/${list}`,
  /** What the last comparison found, row by row. */
  differences: (location_id: string) => `${store(location_id)}/activity/syncs?differences=true`,
  settings: (location_id: string) => `${store(location_id)}/settings`,
} as const;
