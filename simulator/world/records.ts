/**
 * The records of the simulated store. They are immutable: a change replaces the object, so an answer that is still
 * streaming, or a stale read, keeps the old state.
 */

/** A potency as the store typed it; `unit: null` is a number without a unit. */
export interface Label {
  value: number | null;
  unit: "%" | "mg" | "mg/g" | "n.d." | null;
}

export interface Product {
  readonly id: number;
  readonly sku: string | null;
  readonly upc: string | null;
  readonly name: string;
  readonly brand: string | null;
  readonly masterCategory: string | null;
  readonly category: string | null;
  readonly strain: string | null;
  readonly strainType: string | null;
  readonly isCannabis: boolean;
  readonly price: number | null;
  /** The prices for patients and for adults: equal to `price`, unless the store sets them separately. */
  readonly medPrice: number | null;
  readonly recPrice: number | null;
  readonly unitCost: number | null;
  readonly netWeight: number | null;
  readonly netWeightUnit: string | null;
  readonly thc: Label;
  readonly cbd: Label;
  readonly isActive: boolean;
  /** The fields of `extra.ts` that a write changed; null: none. */
  readonly written: Readonly<Record<string, unknown>> | null;
  readonly created: number;
  /** null: Dutchie shows no stamp. Only records that no event has touched lack one. */
  readonly modified: number | null;
}

export interface RoomStock {
  readonly roomId: number;
  readonly quantity: number;
}

export interface Package {
  readonly id: number;
  readonly productId: number;
  readonly packageId: string | null;
  readonly batchId: number;
  readonly batchName: string;
  /** Only rooms with stock. None means sold out, and then no read shows the package. */
  readonly rooms: readonly RoomStock[];
  readonly allocated: number;
  readonly quantityUnits: string;
  readonly unitCost: number | null;
  readonly unitPrice: number;
  readonly received: number;
  readonly modified: number | null;
}

export interface Room {
  readonly id: number;
  readonly name: string;
  readonly flags: readonly RoomFlag[];
}

type RoomFlag =
  | "isQuarantineRoom"
  | "isVaultRoom"
  | "isWaitingRoom"
  | "isSalesFloor"
  | "isPOSRoom"
  | "isInventoryRoom"
  | "isPreOrderRoom"
  | "isEcommerceRoom";

export interface SaleLine {
  readonly id: number;
  readonly productId: number;
  readonly inventoryId: number;
  readonly packageId: string | null;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly unitCost: number | null;
  readonly discount: number;
  readonly total: number;
  readonly isReturned: boolean;
  readonly returnDate: number | null;
  readonly returnedBy: number | null;
}

export interface Sale {
  readonly id: number;
  readonly type: "Retail" | "Transfer" | "WholesaleOrder";
  readonly customerId: number;
  readonly at: number;
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly isVoid: boolean;
  readonly voidDate: number | null;
  readonly isReturn: boolean;
  readonly returnOf: number | null;
  readonly lines: readonly SaleLine[];
  readonly modified: number;
}

/** A package before and after, so that a webhook can list emptied rooms. */
export interface PackageChange {
  readonly before: Package | null;
  readonly after: Package;
}

/** Something that happened, and that a webhook reports. Every record in it has `modified === at`. */
export type WorldEvent =
  | { type: "sale.completed"; at: number; sale: Sale }
  | { type: "inventory.updated"; at: number; packages: PackageChange[] }
  | { type: "product.created" | "product.updated"; at: number; product: Product };
