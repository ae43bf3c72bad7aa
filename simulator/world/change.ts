import { seededExtra } from "./extra.ts";
import type { Package, Product, RoomStock, WorldEvent } from "./records.ts";
import type { World } from "./world.ts";

export interface Restock {
  before: Package;
  rooms: readonly RoomStock[];
}

/** Stores packages with new rooms, and returns one event for all; no event without packages. */
export function putPackages(world: World, restocks: Restock[]): WorldEvent[] {
  if (restocks.length === 0) return [];
  const at = world.tick();
  const packages = restocks.map(({ before, rooms }) => ({ before, after: { ...before, rooms, modified: at } }));
  for (const { after } of packages) world.packages.put(after);
  return [{ type: "inventory.updated", at, packages }];
}

export type ProductFields = Partial<Omit<Product, "id" | "created" | "modified">>;

/** Sets fields of a product by hand, with an event like any other edit. */
export function setProduct(world: World, id: number, fields: ProductFields): WorldEvent[] {
  const before = world.products.get(id);
  if (before === undefined) return [];
  const at = world.tick();
  const written =
    fields.written === undefined ? before.written : differing(id, { ...before.written, ...fields.written });
  const priced = fields.price === undefined ? {} : withPrice(before, fields.price);
  const product = { ...before, ...priced, ...fields, written, modified: at };
  world.products.put(product);
  return [{ type: "product.updated", at, product }];
}

/** The written fields that differ from the seeded ones. A product that is written back unchanged has none. */
function differing(id: number, written: Readonly<Record<string, unknown>>): Product["written"] {
  const seeded = seededExtra(id);
  const entries = Object.entries(written).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(seeded[key]),
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

/** A new price is also the price for patients and adults, unless the store sets those separately. */
export function withPrice(before: Product, price: number | null): ProductFields {
  const follow = (other: number | null) => (other === before.price ? price : other);
  return { price, medPrice: follow(before.medPrice), recPrice: follow(before.recPrice) };
}

export interface PackageFields extends Partial<Omit<Package, "id">> {
  /** Moves the whole package to one room, given by id or name. */
  room?: number | string;
  /** The total, in the given room or else in the package's first room. */
  quantity?: number;
}

export function setPackage(world: World, id: number, fields: PackageFields): WorldEvent[] {
  const before = world.packages.get(id);
  if (before === undefined) return [];
  const { room, quantity, ...rest } = fields;
  const at = world.tick();
  const after = { ...before, ...rest, modified: at, rooms: rest.rooms ?? roomsFor(world, before, room, quantity) };
  world.packages.put(after);
  return [{ type: "inventory.updated", at, packages: [{ before, after }] }];
}

function roomsFor(world: World, before: Package, room: number | string | undefined, quantity: number | undefined) {
  if (room === undefined && quantity === undefined) return before.rooms;
  const wanted = world.rooms.find((each) => each.id === room || each.name.trim() === room);
  if (room !== undefined && wanted === undefined) throw new RangeError(`no room ${room}`);
  const total = quantity ?? before.rooms.reduce((sum, each) => sum + each.quantity, 0);
  const roomId = wanted?.id ?? before.rooms[0]?.roomId ?? 101;
  return total === 0 ? [] : [{ roomId, quantity: total }];
}
