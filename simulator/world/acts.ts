import { cents } from "../random.ts";
import { putPackages, type Restock, withPrice } from "./change.ts";
import { voided } from "./history.ts";
import { thcLabel } from "./labels.ts";
import { LINES } from "./names.ts";
import type { Package, Sale, WorldEvent } from "./records.ts";
import { ROOMS, totalOf, withStock } from "./stock.ts";
import { type Bought, withReturned } from "./till.ts";
import type { World } from "./world.ts";

/** One act of the store's staff, and its webhook events in order. */
type Act = (world: World) => WorldEvent[];

const RECENT_SALES = 400;

const sell: Act = (world) => {
  const basket = new Map<number, Package>();
  const wanted = world.random.int(1, 3);
  for (let i = 0; i < 4 * wanted && basket.size < wanted; i++) {
    const item = stocked(world);
    if (item !== undefined) basket.set(item.id, item);
  }
  const bought: Bought[] = [];
  const restocks: Restock[] = [];
  for (const item of basket.values()) {
    const product = world.productOf(item.productId);
    const room = item.rooms.find((each) => each.roomId === 101) ?? item.rooms[0];
    if (product === undefined || room === undefined) continue;
    const portion = item.quantityUnits === "Grams" ? 3.5 : world.random.int(1, 3);
    // Sometimes somebody buys everything: a sold-out package is the case that other integrations get wrong.
    const quantity = world.random.chance(0.05) ? room.quantity : Math.min(portion, room.quantity);
    bought.push({ product, package: item, quantity });
    restocks.push({ before: item, rooms: withStock(item, room.roomId, -quantity) });
  }
  if (bought.length === 0) return [];
  const at = world.tick();
  const sale = world.till.sale(bought, at, at, world.random);
  world.sales.put(sale);
  return [{ type: "sale.completed", at, sale }, ...putPackages(world, restocks)];
};

const receive: Act = (world) => {
  const product = world.products.pick(world.random);
  if (product === undefined) return [];
  const at = world.tick();
  const item = world.stockroom.package(product, at, at, world.random);
  world.packages.put(item);
  return [{ type: "inventory.updated", at, packages: [{ before: null, after: item }] }];
};

const adjust: Act = (world) => {
  const item = world.packages.pick(world.random);
  if (item === undefined) return [];
  const room = item.rooms[0]?.roomId ?? world.random.pick(ROOMS).id;
  const delta = world.random.chance(0.5) ? world.random.int(1, 20) : -world.random.int(1, 5);
  const rooms = withStock(item, room, delta);
  return putPackages(world, [{ before: item, rooms }]);
};

const move: Act = (world) => {
  const item = stocked(world);
  const from = item?.rooms[0];
  if (item === undefined || from === undefined) return [];
  const to = world.random.pick(ROOMS.filter((room) => room.id !== from.roomId));
  const part = world.random.chance(0.6) || from.quantity < 2 ? from.quantity : Math.floor(from.quantity / 2);
  const left = { ...item, rooms: withStock(item, from.roomId, -part) };
  return putPackages(world, [{ before: item, rooms: withStock(left, to.id, part) }]);
};

const edit: Act = (world) => {
  const product = world.products.pick(world.random);
  if (product === undefined) return [];
  const at = world.tick();
  const what = world.random.weighted([
    ["price", 70],
    ["name", world.paired.has(product.id) ? 0 : 15],
    ["potency", 15],
  ] as const);
  const kind = LINES.find((line) => line.master === product.masterCategory)?.kind ?? "accessory";
  const changed = {
    ...product,
    modified: at,
    ...(what === "price"
      ? withPrice(product, cents((product.price ?? 20) * world.random.pick([0.8, 0.9, 1.1, 1.25])))
      : {}),
    ...(what === "name" ? { name: world.catalogue.rename(product, world.random) } : {}),
    ...(what === "potency" ? { thc: thcLabel(world.random, kind) } : {}),
  };
  world.products.put(changed);
  return [{ type: "product.updated", at, product: changed }];
};

const create: Act = (world) => {
  const at = world.tick();
  const product = { ...world.catalogue.product(at, at, world.random), created: at, isActive: true };
  world.products.put(product);
  const received = world.tick();
  const item = world.stockroom.package(product, received, received, world.random);
  world.packages.put(item);
  return [
    { type: "product.created", at, product },
    { type: "inventory.updated", at: received, packages: [{ before: null, after: item }] },
  ];
};

const deactivate: Act = (world) => {
  const product = world.products.pick(world.random);
  if (product === undefined || !product.isActive || world.paired.has(product.id)) return [];
  const at = world.tick();
  const changed = { ...product, isActive: false, modified: at };
  world.products.put(changed);
  return [{ type: "product.updated", at, product: changed }];
};

const voidSale: Act = (world) => {
  const sale = recentSale(world, (each) => !each.lines.some((line) => line.isReturned));
  if (sale === undefined) return [];
  const at = world.tick();
  const changed = voided(sale, at);
  world.sales.put(changed);
  return [{ type: "sale.completed", at, sale: changed }, ...backOnTheShelf(world, sale.lines)];
};

const returnSale: Act = (world) => {
  const sale = recentSale(world, (each) => each.lines.some((line) => !line.isReturned));
  const line = sale?.lines.find((each) => !each.isReturned);
  if (sale === undefined || line === undefined) return [];
  const at = world.tick();
  const refund = world.till.refund(sale, line, at);
  world.sales.put(refund);
  const flaggedAt = world.tick();
  const flagged = withReturned(sale, line.id, refund, flaggedAt);
  world.sales.put(flagged);
  return [
    { type: "sale.completed", at, sale: refund },
    { type: "sale.completed", at: flaggedAt, sale: flagged },
    ...(world.random.chance(0.5) ? backOnTheShelf(world, [line]) : []),
  ];
};

const ACTS = { sell, receive, adjust, move, edit, create, deactivate, void: voidSale, return: returnSale };
export type ActKind = keyof typeof ACTS;
export const ACT_KINDS = Object.keys(ACTS) as ActKind[];

const SHARES: readonly (readonly [ActKind, number])[] = [
  ["sell", 62],
  ["receive", 6],
  ["adjust", 8],
  ["move", 8],
  ["edit", 7],
  ["create", 2],
  ["deactivate", 1],
  ["void", 3],
  ["return", 3],
];

/** Lets one thing happen. An act that finds nothing to act upon is tried again, then something is received instead. */
export function act(world: World, kind?: ActKind): WorldEvent[] {
  for (let attempt = 0; attempt < 20; attempt++) {
    const events = ACTS[kind ?? world.random.weighted(SHARES)](world);
    if (events.length > 0) return events;
  }
  return receive(world);
}

function stocked(world: World): Package | undefined {
  for (let attempt = 0; attempt < 50; attempt++) {
    const item = world.packages.pick(world.random);
    if (item !== undefined && totalOf(item) > 0) return item;
  }
  return undefined;
}

function recentSale(world: World, fits: (sale: Sale) => boolean): Sale | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    const sale = world.sales.pickRecent(world.random, RECENT_SALES);
    if (sale !== undefined && !sale.isVoid && !sale.isReturn && fits(sale)) return sale;
  }
  return undefined;
}

/** Goods of a void or return go back to the first room of their package, or to the sales floor. */
function backOnTheShelf(world: World, lines: Sale["lines"]): WorldEvent[] {
  const restocks = new Map<number, Restock>();
  for (const line of lines) {
    const before = world.packages.get(line.inventoryId);
    if (before === undefined) continue;
    const rooms = restocks.get(before.id)?.rooms ?? before.rooms;
    const room = rooms[0]?.roomId ?? 101;
    restocks.set(before.id, { before, rooms: withStock({ ...before, rooms }, room, line.quantity) });
  }
  return putPackages(world, [...restocks.values()]);
}
