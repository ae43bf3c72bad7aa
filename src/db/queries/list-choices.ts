import { and, asc, count, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Category } from "../../domain/vocabulary/reup.ts";
import type { RecordsDb } from "../databases.ts";
import { products, rooms } from "../schema/records.ts";

/** The rooms and categories that lists can be filtered by. A store has dozens; the bound is for an unusual one. */
const MAX_CHOICES = 500;

export type ListedRoom = Pick<typeof rooms.$inferSelect, "room_name" | "room_type" | "dutchie_room_id">;

export function listRooms(db: RecordsDb, location_id: string): Promise<ListedRoom[]> {
  return db
    .select({ room_name: rooms.room_name, room_type: rooms.room_type, dutchie_room_id: rooms.dutchie_room_id })
    .from(rooms)
    .where(eq(rooms.location_id, location_id))
    .orderBy(asc(rooms.room_name))
    .limit(MAX_CHOICES);
}

export interface ListedCategory {
  category: Category;
  products: number;
}

/** The categories of the products that a list shows, the largest first. */
export async function listCategories(db: RecordsDb, location_id: string): Promise<ListedCategory[]> {
  const rows = await db
    .select({ category: products.reup_category, products: count() })
    .from(products)
    .where(and(eq(products.location_id, location_id), isNull(products.merged_into), isNotNull(products.reup_category)))
    .groupBy(products.reup_category)
    .orderBy(desc(count()), asc(products.reup_category))
    .limit(MAX_CHOICES);
  return rows.flatMap(({ category, products }) => (category === null ? [] : [{ category, products }]));
}
