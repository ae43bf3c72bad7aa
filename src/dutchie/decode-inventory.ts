import type { DutchiePackage, RoomQuantity } from "../domain/model.ts";
import { type Decoded, failed, MODIFIED } from "./decoded.ts";
import { id, keyTable, number, openRow, put, reference, text } from "./fields.ts";
import { parseStamp } from "./stamp.ts";

const QUANTITY = ["quantityavailable", "quantity"] as const;
const ROOM_NAME = ["roomname", "room"] as const;

const KEYS = keyTable(
  [...QUANTITY, ...ROOM_NAME, ...MODIFIED],
  `
    inventoryid id packageid productid sku upc barcode productname name brandname brand category mastercategory straintype
    allocatedquantity roomquantities unitcost unitprice price recunitprice medunitprice
  `,
  // Known and not needed here.
  `
    alternatename batchid batchname brandid categoryid description effectivepotencymg expirationdate
    externalpackageid flowerequivalent flowerequivalentunits imageurl iscannabis labresults labresulturl
    labteststatus lineage locationid manufacturingdate medicalonly packageddate packagendc packagestatus
    potencyindicator pricingtiername producer producerid quantityunits recflowerequivalent roomid sampledate size
    strain strainid tags testeddate unitweight unitweightunit vendor vendorid
  `,
);

const ROOM_KEYS = keyTable([...QUANTITY, ...ROOM_NAME], "name roomid");

/**
 * An inventory row: a package with its rooms (POS API), or the part of one in one room (guide). A row without its id or
 * without a readable quantity fails: a missing count is never a zero.
 */
export function decodeInventory(row: unknown): Decoded<DutchiePackage> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "an inventory row must be an object");
  const { pick } = fields;
  // Never by the package id instead: a row that lost its own id would be the same stock once more.
  const inventoryId = id(pick("inventoryid", "id"));
  if (inventoryId === null) return failed(null, "the inventory row has no id");
  const quantity = number(pick(...QUANTITY));
  if (typeof quantity !== "number") return failed(inventoryId, missing("quantity", pick(...QUANTITY)));
  const listed = roomQuantities(pick("roomquantities"));
  if (typeof listed === "string") return failed(inventoryId, listed);

  const scalar = text(pick(...ROOM_NAME));
  const scope = listed === null && typeof scalar === "string" ? "room" : "package";
  const one = scope === "room" && typeof scalar === "string" ? [{ room_name: scalar, quantity }] : null;
  const found: DutchiePackage = {
    dutchie_inventory_id: inventoryId,
    quantity,
    rooms: listed ?? one,
    scope,
    modified_at: parseStamp(pick(...MODIFIED)),
  };
  put(found, "dutchie_product_id", reference(pick("productid")));
  put(found, "sku", text(pick("sku")));
  put(found, "upc", text(pick("upc", "barcode")));
  put(found, "product_name", text(pick("productname", "name")));
  put(found, "brand", text(pick("brandname", "brand")));
  put(found, "category", text(pick("category") === undefined ? pick("mastercategory") : pick("category")));
  put(found, "strain_type", text(pick("straintype")));
  put(found, "package_id", text(pick("packageid")));
  put(found, "allocated", number(pick("allocatedquantity")));
  put(found, "unit_cost", number(pick("unitcost")));
  put(found, "unit_price", number(pick("unitprice", "price", "recunitprice", "medunitprice")));
  return { ok: true, row: found, unknown: fields.unknown };
}

/** null: no rooms are named. A text: why the row must fail. Rooms of one name are one room, their counts added. */
function roomQuantities(value: unknown): RoomQuantity[] | string | null {
  if (value === undefined || value === null) return null;
  if (!Array.isArray(value)) return "roomQuantities is not a list";
  const rooms = new Map<string, number>();
  for (const entry of value) {
    const fields = openRow(entry, ROOM_KEYS);
    if (!fields) return "roomQuantities holds something that is not a room";
    const roomId = id(fields.pick("roomid"));
    const name = text(fields.pick(...ROOM_NAME, "name")) ?? (roomId === null ? null : `Room ${roomId}`);
    if (name === null) return "roomQuantities holds a room without a name";
    const quantity = number(fields.pick(...QUANTITY));
    if (typeof quantity !== "number") return missing(`quantity in room ${name}`, fields.pick(...QUANTITY));
    const before = rooms.get(name);
    // Fifteen digits: 0.1 and 0.2 make 0.3 here.
    rooms.set(name, before === undefined ? quantity : Number((before + quantity).toPrecision(15)));
  }
  return rooms.size === 0 ? null : [...rooms].map(([room_name, quantity]) => ({ room_name, quantity }));
}

function missing(what: string, value: unknown): string {
  if (value === undefined || value === null) return `the ${what} is missing`;
  return `the ${what} is not a number`;
}
