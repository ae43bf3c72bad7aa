import { loadRooms } from "../../db/load-records.ts";
import { unmappedWords } from "../../db/queries/list-mapping.ts";
import { countUnmapped, mappedWords } from "../../domain/snapshots/mapped-words.ts";
import type { StoreContext } from "../context.ts";

/** Counts the words of Dutchie's that no rule maps, for the status, if records changed since the last count. */
export async function countWords({ db, store, location }: StoreContext): Promise<void> {
  if (store.get("words_due") === null) return;
  const [rooms, open] = await Promise.all([
    loadRooms(db, location.location_id),
    unmappedWords(db, location.location_id),
  ]);
  const stock = {
    rooms: open.room_names.map((room_name) => ({ room_name, packages: 1, value: 0 })),
    words: open.words.map((words) => ({ ...words, products: 1, value: 0 })),
  };
  store.put("unmapped", countUnmapped(mappedWords(rooms, stock, location.settings)));
  store.remove("words_due");
}
