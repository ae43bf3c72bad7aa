import { hashOf } from "../../domain/records/decide.ts";
import type { DutchiePackage, RoomQuantity } from "../../domain/records/model.ts";
import { type Decoded, failed, garbledIn, marks, stamped, unreadable } from "./decoded.ts";
import { id, keyTable, name, number, openRow, reference, stock, text } from "./fields.ts";
import { PACKAGE, ROOM_QUANTITY } from "./synonyms.ts";

const KEYS = keyTable(
  PACKAGE,
  // Known, but not needed here.
  `
    alternatename batchid batchname brandid categoryid description effectivepotencymg expirationdate
    externalpackageid flowerequivalent flowerequivalentunits imageurl iscannabis labresults labresulturl
    labteststatus lineage manufacturingdate medicalonly packageddate packagendc packagestatus
    potencyindicator pricingtiername producer producerid quantityunits recflowerequivalent sampledate size
    strain strainid tags testeddate unitweight unitweightunit vendor vendorid
  `,
);

const ROOM_KEYS = keyTable(ROOM_QUANTITY);

/**
 * An inventory row: a package with its rooms (POS API), or the part of a package that lies in one room (guide). A row
 * without an id or a readable quantity fails: a missing quantity never counts as zero.
 */
export function decodeInventory(row: unknown): Decoded<DutchiePackage> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "an inventory row must be an object");
  // The package id is no substitute: a row without its own id would count the same stock again.
  const inventoryId = fields.read("id", id);
  if (typeof inventoryId !== "string")
    return failed(
      null,
      `the inventory row has no id${marks(fields.read("product_name", name), fields.read("package_id", text), fields.read("sku", text))}`,
      fields,
    );
  if (typeof fields.read("sale", id) === "string")
    return failed(inventoryId, "the row belongs to a sale, so its quantity is what was sold and not what is there");
  const quantity = fields.read("quantity", stock);
  if (typeof quantity !== "number") return failed(inventoryId, missing("quantity", fields.pick("quantity")));
  const listed = roomQuantities(fields.pick("rooms"));
  if (typeof listed === "string") return failed(inventoryId, listed);

  const one = listed === null ? onlyRoom(fields.read("room", text), fields.read("room_id", id), quantity) : null;
  const found: DutchiePackage = {
    dutchie_inventory_id: inventoryId,
    quantity,
    rooms: listed ?? one,
    scope: one === null ? "package" : "room",
    modified_at: stamped(fields),
    dutchie_location_id: fields.read("location", id) ?? undefined,
    dutchie_product_id: fields.read("product_id", reference) ?? reference(fields.pick("product")),
    sku: fields.read("sku", text),
    upc: fields.read("upc", text),
    product_name: fields.read("product_name", name) ?? name(fields.pick("product")),
    brand: fields.read("brand", text),
    category: fields.read("category", text) ?? fields.read("master_category", text),
    strain_type: fields.read("strain_type", text),
    package_id: fields.read("package_id", text),
    allocated: fields.amount("allocated", stock),
    unit_cost: fields.amount("unit_cost"),
    unit_price: fields.amount("price"),
    rec_price: fields.amount("rec_price"),
    med_price: fields.amount("med_price"),
    fingerprint: listed === null ? hashOf(row as object) : undefined,
  };
  if (fields.garbled !== undefined) Object.assign(found, unreadable(garbledIn(fields)));
  return { ok: true, row: found, unknown: fields.unknown };
}

type Stated = string | null | undefined;

/** The room that a row is about; null: it names none. */
function onlyRoom(name: Stated, roomId: Stated, quantity: number): RoomQuantity[] | null {
  if (typeof name === "string") return [{ room_name: name, quantity }];
  return typeof roomId === "string" ? [{ room_name: `Room ${roomId}`, quantity, room_id: roomId }] : null;
}

/** null: the row names no rooms. A text: why the row fails. Rooms of one name are one room: their quantities are added. */
function roomQuantities(value: unknown): RoomQuantity[] | string | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) return "roomQuantities is not a list";
  const rooms = new Map<string, RoomQuantity>();
  for (const entry of value) {
    const fields = openRow(entry, ROOM_KEYS);
    if (!fields) return "roomQuantities contains something that is not a room";
    const roomId = fields.read("id", id) ?? null;
    const named = fields.read("room", text) ?? null;
    const room = named ?? (roomId === null ? null : `Room ${roomId}`);
    if (room === null) return "roomQuantities contains a room without a name";
    const quantity = fields.read("quantity", stock);
    if (typeof quantity !== "number") return missing(`quantity in room ${room}`, fields.pick("quantity"));
    const key = named ?? `\n${roomId}`;
    const before = rooms.get(key)?.quantity;
    rooms.set(key, {
      room_name: room,
      // Rounded to 15 digits, so that 0.1 and 0.2 make 0.3.
      quantity: before === undefined ? quantity : Number((before + quantity).toPrecision(15)),
      ...(named === null && roomId !== null ? { room_id: roomId } : {}),
    });
  }
  return rooms.size === 0 ? null : [...rooms.values()];
}

function missing(what: string, value: unknown): string {
  if (value === undefined || value === null) return `the ${what} is missing`;
  return typeof number(value) === "number" ? `the ${what} is larger than any store has` : `the ${what} is not a number`;
}
