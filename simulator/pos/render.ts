import type { Row } from "../row.ts";
import { stamp } from "../time.ts";
import { seededExtra, tagsOf } from "../world/extra.ts";
import type { Package, Product, Room, RoomStock } from "../world/records.ts";
import { totalOf } from "../world/stock.ts";

/** The store under the names of the real API. */

export function posProduct(product: Product): Row {
  const { thc, cbd } = product;
  // The seeded fields first, in one spread: V8 keeps an object of this size fast.
  const row: Row = {
    ...seededExtra(product.id),
    sku: product.sku,
    productName: product.name,
    masterCategory: product.masterCategory,
    category: product.category,
    strain: product.strain,
    strainType: product.strainType,
    netWeight: product.netWeight,
    netWeightUnit: product.netWeightUnit,
    brandName: product.brand,
    isCannabis: product.isCannabis,
    isActive: product.isActive,
    thcContent: thc.value,
    thcContentUnit: thc.unit,
    cbdContent: cbd.value,
    cbdContentUnit: cbd.unit,
    price: product.price,
    medPrice: product.medPrice,
    recPrice: product.recPrice,
    unitCost: product.unitCost,
    createdDate: stamp(product.created, product.id),
    lastModifiedDateUTC: stamp(product.modified, product.id),
    upc: product.upc,
  };
  if (product.written !== null) Object.assign(row, product.written);
  row.tags = tagsOf(row.tags, product.id);
  return row;
}

export interface PosInventoryAsk {
  labResults: boolean;
  roomQuantities: boolean;
  allocated: boolean;
}

/** An event is as complete as the most complete read. */
export const EVERYTHING: PosInventoryAsk = { labResults: true, roomQuantities: true, allocated: true };

export function posPackage(
  item: Package,
  product: Product | undefined,
  rooms: readonly Room[],
  { ask, left = [] }: { ask: PosInventoryAsk; left?: readonly RoomStock[] },
): Row {
  const name = (roomId: number) => rooms.find((room) => room.id === roomId)?.name ?? null;
  return {
    inventoryId: item.id,
    productId: item.productId,
    sku: product?.sku ?? null,
    productName: product?.name ?? null,
    description: null,
    categoryId: null,
    category: product?.category ?? null,
    imageUrl: null,
    quantityAvailable: totalOf(item),
    quantityUnits: item.quantityUnits,
    allocatedQuantity: ask.allocated ? item.allocated : null,
    unitWeight: product?.netWeight ?? 0,
    unitWeightUnit: product?.netWeightUnit ?? null,
    unitCost: item.unitCost,
    flowerEquivalent: 0,
    recFlowerEquivalent: null,
    flowerEquivalentUnits: "g",
    batchId: item.batchId,
    batchName: item.batchName,
    packageId: item.packageId,
    packageStatus: "Active",
    externalPackageId: null,
    unitPrice: item.unitPrice,
    medUnitPrice: item.unitPrice,
    recUnitPrice: item.unitPrice,
    strainId: null,
    strain: product?.strain ?? null,
    strainType: product?.strainType ?? null,
    size: null,
    labResults: ask.labResults ? labResults(item, product) : null,
    testedDate: null,
    packagedDate: stamp(item.received, item.id),
    lastModifiedDateUtc: stamp(item.modified, item.id),
    labTestStatus: product?.isCannabis ? "TestPassed" : null,
    expirationDate: stamp(item.received + 365 * 86_400_000, item.id),
    roomQuantities: ask.roomQuantities
      ? [...item.rooms, ...left].map((room) => ({
          roomId: room.roomId,
          room: name(room.roomId),
          quantityAvailable: room.quantity,
        }))
      : null,
    brandId: null,
    brandName: product?.brand ?? null,
    masterCategory: product?.masterCategory ?? null,
    medicalOnly: false,
    isCannabis: product?.isCannabis ?? true,
    effectivePotencyMg: null,
    vendor: null,
    tags: [],
    lineage: null,
    pricingTierName: null,
  };
}

/** Lab measurements. They are not the catalogue's label and must not be used as one. */
function labResults(item: Package, product: Product | undefined): Row[] {
  if (product === undefined || !product.isCannabis) return [];
  return ["THCA", "THC", "CBD", "CBG"].map((labTest, i) => ({
    labTest,
    value: ((item.id * (i + 3)) % 900) / 10,
    labResultUnitId: 1,
    labResultUnit: "Percentage",
  }));
}

export function posRoom(room: Room): Row {
  const has = (flag: Room["flags"][number]) => room.flags.includes(flag);
  return {
    roomId: room.id,
    roomName: room.name,
    isQuarantineRoom: has("isQuarantineRoom"),
    isVaultRoom: has("isVaultRoom"),
    isWaitingRoom: has("isWaitingRoom"),
    isSalesFloor: has("isSalesFloor"),
    isPOSRoom: has("isPOSRoom"),
    isInventoryRoom: has("isInventoryRoom"),
    isPreOrderRoom: has("isPreOrderRoom"),
    isEcommerceRoom: has("isEcommerceRoom"),
  };
}

export function posWhoami(id: number, name: string, pascal: boolean): Row {
  const row: Row = {
    locationId: id,
    locationName: name,
    lspId: 88,
    lspName: "Green Door Retail",
    address: "12 Main St",
    address2: null,
    city: "Denver",
    state: "CO",
    postalCode: "80202",
    licenseNumber: "402R-00017",
  };
  if (!pascal) return row;
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, value]),
  );
}
