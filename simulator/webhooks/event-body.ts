import { guidePackage, guideProduct, guideSale, touchedRooms } from "../guide/render.ts";
import type { Profile } from "../options.ts";
import { EVERYTHING, posPackage, posProduct } from "../pos/render.ts";
import { posSale } from "../pos/render-sale.ts";
import type { Row } from "../row.ts";
import { iso, type LocalClock } from "../time.ts";
import type { PackageChange, WorldEvent } from "../world/records.ts";
import type { World } from "../world/world.ts";

export interface Changed {
  resource: "products" | "inventory" | "sales";
  id: string;
}

/** The body of a webhook. */
export interface EventBody {
  type: WorldEvent["type"];
  occurred_at: string;
  data: Row | Row[];
}

export function eventBody(world: World, event: WorldEvent, profile: Profile, clock: LocalClock): EventBody {
  return { type: event.type, occurred_at: iso(event.at), data: dataOf(world, event, profile, clock) };
}

export function changedBy(event: WorldEvent): Changed[] {
  if ("sale" in event) return [{ resource: "sales", id: String(event.sale.id) }];
  if ("product" in event) return [{ resource: "products", id: String(event.product.id) }];
  return event.packages.map(({ after }) => ({ resource: "inventory", id: String(after.id) }));
}

function dataOf(world: World, event: WorldEvent, profile: Profile, clock: LocalClock): Row | Row[] {
  const pos = profile === "pos";
  if ("sale" in event) return pos ? posSale(event.sale, clock, true) : guideSale(event.sale);
  if ("product" in event) return pos ? posProduct(event.product) : guideProduct(event.product);
  return event.packages.flatMap((change) => {
    const product = world.productOf(change.after.productId);
    if (pos) {
      const left = leftWhenSoldOut(change);
      return [posPackage(change.after, product, world.rooms, { ask: EVERYTHING, left })];
    }
    return guidePackage(change.after, product, world.rooms, touchedRooms(change));
  });
}

/** A sold-out package lists the rooms it was in, each with 0: an empty list would name no room. */
function leftWhenSoldOut({ before, after }: PackageChange) {
  if (after.rooms.length > 0) return [];
  return (before?.rooms ?? []).map((room) => ({ roomId: room.roomId, quantity: 0 }));
}
