import type { Row } from "../row.ts";
import { stamp } from "../time.ts";
import type { Label, Package, PackageChange, Product, Room, RoomStock, Sale } from "../world/records.ts";

/** The same store under the simplified names of ReUp's guide. */
export function guideProduct(product: Product): Row {
  return {
    id: product.id,
    sku: product.sku,
    upc: product.upc,
    name: product.name,
    brandName: product.brand,
    category: product.category,
    strainType: product.strainType,
    potencyThc: potency(product.thc, product.id),
    potencyCbd: potency(product.cbd, product.id + 1),
    price: product.price,
    unitCost: product.unitCost,
    netWeight: product.netWeight,
    netWeightUnit: product.netWeightUnit,
    isActive: product.isActive,
    updatedAt: stamp(product.modified, product.id),
  };
}

/** One label in one of several notations that mean the same. The id decides which one. */
function potency({ value, unit }: Label, id: number): unknown {
  if (value === null) return null;
  const notation = id % 4;
  switch (unit) {
    case "mg":
      return notation < 2 ? `${value} mg` : { formatted: `${value}mg`, range: [value], unit: "MILLIGRAMS" };
    case "mg/g":
      return `${value} mg/g`;
    case "n.d.":
      // "n.d." with a trace is no statement; with 0 it means 0.
      return value === 0 ? 0 : null;
    case "%":
      if (notation === 0) return value;
      if (notation === 1) return `${value}%`;
      return { formatted: `${value}%`, range: notation === 2 ? [value] : [value, value], unit: "PERCENTAGE" };
    default:
      return notation < 2 ? value : String(value);
  }
}

/** One row for each room a package lies in, all with the package's id. */
export function guidePackage(
  item: Package,
  product: Product | undefined,
  rooms: readonly Room[],
  only = item.rooms,
): Row[] {
  return only.map((stock) => ({
    id: item.id,
    productId: item.productId,
    sku: product?.sku ?? null,
    productName: product?.name ?? null,
    brandName: product?.brand ?? null,
    category: product?.category ?? null,
    strainType: product?.strainType ?? null,
    packageId: item.packageId,
    quantity: stock.quantity,
    roomName: rooms.find((room) => room.id === stock.roomId)?.name ?? null,
    unitCost: item.unitCost,
    price: item.unitPrice,
    updatedAt: stamp(item.modified, item.id),
  }));
}

/** The rooms that an event lists: changed rooms with their quantity, emptied rooms with 0; all rooms when no quantity changed. */
export function touchedRooms({ before, after }: PackageChange): RoomStock[] {
  const quantityIn = (item: Package | null, roomId: number) =>
    item?.rooms.find((room) => room.roomId === roomId)?.quantity ?? 0;
  const ids = new Set([...(before?.rooms ?? []), ...after.rooms].map((room) => room.roomId));
  const changed = [...ids].filter((id) => quantityIn(before, id) !== quantityIn(after, id));
  return (changed.length > 0 ? changed : [...ids]).map((roomId) => ({ roomId, quantity: quantityIn(after, roomId) }));
}

export function guideSale(sale: Sale): Row {
  return {
    id: sale.id,
    type: sale.type,
    customerId: sale.customerId === 0 ? null : String(sale.customerId),
    completedAt: stamp(sale.at, sale.id),
    subtotal: sale.subtotal,
    discount: sale.discount,
    tax: sale.tax,
    total: sale.total,
    isVoid: sale.isVoid,
    isReturn: sale.isReturn,
    returnOf: sale.returnOf,
    updatedAt: stamp(sale.modified, sale.id),
    items: sale.lines.map((line) => ({
      id: line.id,
      productId: line.productId,
      inventoryId: line.inventoryId,
      packageId: line.packageId,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      unitCost: line.unitCost,
      discount: line.discount,
      total: line.total,
      isReturned: line.isReturned,
    })),
  };
}

export const guideRoom = (room: Room): Row => ({ id: room.id, name: room.name });
