import { cents, type Random, round4 } from "../random.ts";
import { dirty } from "./catalogue.ts";
import type { Package, Product, Room, RoomStock } from "./records.ts";

/** Trailing blanks as typed by the store; ReUp is expected to trim them. */
export const ROOMS: readonly Room[] = [
  { id: 101, name: "Sales Floor", flags: ["isSalesFloor", "isPOSRoom", "isInventoryRoom"] },
  { id: 102, name: "Vault ", flags: ["isVaultRoom", "isInventoryRoom"] },
  { id: 103, name: "Quarantine", flags: ["isQuarantineRoom", "isInventoryRoom"] },
  { id: 104, name: "Back Stock ", flags: ["isInventoryRoom"] },
  { id: 105, name: "Online", flags: ["isPreOrderRoom", "isEcommerceRoom", "isInventoryRoom"] },
];

const ROOM_SHARES: readonly (readonly [number, number])[] = [
  [101, 50],
  [102, 25],
  [104, 15],
  [105, 7],
  [103, 3],
];

const HOUR = 3_600_000;

/** Makes packages: on average five for three products, from none to four each. */
export class Stockroom {
  #nextId = 5_000_001;

  /** How many packages a product of the opening stock has: 5/3 on average. */
  static count(random: Random): number {
    return random.weighted([
      [0, 15],
      [1, 40],
      [2, 19],
      [3, 15],
      [4, 11],
    ] as const);
  }

  package(product: Product, received: number, modified: number | null, random: Random): Package {
    const id = this.#nextId;
    this.#nextId += random.int(1, 2);
    const weighed = product.masterCategory === "Flower" && product.netWeightUnit === "g" && random.chance(0.3);
    const total = weighed ? random.decimal(14, 900, 1) : random.int(1, 120);
    const tag = String(id).padStart(9, "0");
    return {
      id,
      productId: product.id,
      packageId: random.chance(0.005) ? null : `1A4060300${tag}000${String(id % 10_000).padStart(4, "0")}`,
      batchId: 300_000 + (id % 90_000),
      batchName: `B${new Date(received).toISOString().slice(2, 10).replaceAll("-", "")}-${id % 100}`,
      rooms: spread(total, weighed, random),
      allocated: random.chance(0.05) ? 1 : 0,
      quantityUnits: weighed ? "Grams" : "Each",
      // Packages of one product are bought at different times and prices.
      unitCost: random.chance(0.02)
        ? null
        : dirty(cents((product.unitCost ?? 8) * random.decimal(0.85, 1.15, 2)), random),
      unitPrice: product.price ?? 0,
      received,
      modified,
    };
  }

  opening(product: Product, now: number, random: Random): Package {
    const received = now - random.int(48, 90 * 24) * HOUR;
    return this.package(product, received, random.chance(0.01) ? null : received + random.int(0, 40) * HOUR, random);
  }
}

function spread(total: number, weighed: boolean, random: Random): RoomStock[] {
  const wanted = random.weighted([
    [1, 85],
    [2, 12],
    [3, 3],
  ] as const);
  const ids = new Set<number>();
  while (ids.size < Math.min(wanted, total)) ids.add(random.weighted(ROOM_SHARES));
  const rooms = [...ids];
  let left = total;
  return rooms.map((roomId, i) => {
    const last = i === rooms.length - 1;
    const share = last ? left : Math.max(1, Math.floor(left / (rooms.length - i)) - (weighed ? 0.5 : 0));
    left = round4(left - share);
    return { roomId, quantity: round4(share) };
  });
}

export const totalOf = (item: Package): number => round4(item.rooms.reduce((sum, room) => sum + room.quantity, 0));

/** The package's rooms with `delta` more (or less) in one room. A room without stock is removed. */
export function withStock(item: Package, roomId: number, delta: number): RoomStock[] {
  const rooms = item.rooms.some((room) => room.roomId === roomId)
    ? item.rooms
    : [...item.rooms, { roomId, quantity: 0 }];
  return rooms
    .map((room) => (room.roomId === roomId ? { ...room, quantity: round4(room.quantity + delta) } : room))
    .filter((room) => room.quantity > 0);
}
