import { ReupError } from "../../../src/client/index.ts";
import type { Row, View } from "./view.ts";

const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  duplicate_sku: ["merge", "merge", "keep_both"],
  ambiguous_match: ["merge", "keep_both"],
  edit_conflict: ["keep_dutchie", "keep_reup"],
  held_snapshot: ["confirm", "discard"],
};

/** Somebody decides something in ReUp, which may refuse. Returns what was done. */
export async function decide(view: View): Promise<string> {
  const { random } = view;
  const wishes = [settle, settle, undo, undo, acknowledge, changeStore, addProduct];
  const wish = random.pick(wishes);
  try {
    return await wish(view);
  } catch (error) {
    if (error instanceof ReupError && [400, 404, 409].includes(error.status)) return `refused: ${error.message}`;
    throw error;
  }
}

async function settle(view: View): Promise<string> {
  const open = await view.all("/reviews?state=open");
  if (open.length === 0) return "nothing is open";
  const { review_id, kind } = view.random.pick(open);
  const action = view.random.pick(ACTIONS[String(kind)] ?? ["keep_both"]);
  await view.send("POST", `/reviews/${review_id}/resolve`, { action });
  return `${action} ${review_id}`;
}

async function undo(view: View): Promise<string> {
  const resolved = await view.all("/reviews?state=resolved");
  if (resolved.length === 0) return "nothing is resolved";
  const { review_id } = view.random.pick(resolved);
  await view.send("POST", `/reviews/${review_id}/undo`, {});
  return `undo ${review_id}`;
}

async function acknowledge(view: View): Promise<string> {
  const { data } = await view.get<{ data: Row[] }>(`/v1/inbox?location_id=${view.location_id}&kind=alert`);
  if (data.length === 0) return "no alert";
  const { item_id } = view.random.pick(data);
  await view.send("POST", "/v1/inbox/resolve", { item_ids: [item_id], action: "acknowledge" });
  return `acknowledge ${item_id}`;
}

async function changeStore(view: View): Promise<string> {
  const products = await view.all("/products");
  const rooms = (await view.get<{ data: Row[] }>("/rooms")).data.map(({ room_name }) => String(room_name));
  const word = view.random.pick(products.length > 0 ? products : [{} as Row]).dutchie_category;
  const change = view.random.pick<object>([
    { time_zone: view.random.pick(["America/Denver", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"]) },
    { settings: { low_stock_threshold: view.random.int(0, 60) } },
    { settings: { quantity_basis: view.random.pick(["available", "available_minus_allocated"]) } },
    { settings: { data_types: { customers: view.random.chance(0.7) } } },
    ...(rooms.length === 0
      ? []
      : [{ settings: { room_types: { [view.random.pick(rooms)]: view.random.pick(["vault", "quarantine"]) } } }]),
    ...(typeof word === "string"
      ? [{ settings: { categories: { [word]: { category: view.random.pick(["edibles", "vapes"]) } } } }]
      : []),
  ]);
  await view.send("PATCH", "", change);
  return `change ${JSON.stringify(change)}`;
}

async function addProduct(view: View): Promise<string> {
  const product_name = `Own ${view.random.int(1, 99)}`;
  await view.send("POST", "/products", { product_name, sku: `OWN-${view.random.int(1, 9)}`, notes: "Ours" });
  return `add ${product_name}`;
}
