import type { DutchieProduct, Label } from "../../domain/records/model.ts";
import { type Decoded, failed, garbledIn, marks, stamped, unreadable } from "./decoded.ts";
import { type Fields, flag, hasComma, id, isGarbled, keyTable, name, openRow, text } from "./fields.ts";
import { PRODUCT } from "./synonyms.ts";
import { grams, potency } from "./units.ts";

const KEYS = keyTable(
  PRODUCT,
  // Known, but not needed here.
  `
    abbreviation administrationmethod allergens allowautomaticdiscounts alternatename approvaldateutc brandid
    broadcastedresponses categoryid createdat createddate custommetadata dayssupply defaultunit description
    distillationname dosage ecomcategory ecomsubcategory expirationdays externalcategory externalid flavor
    flowerequivalent grossweight illinoistaxcategory imageurl imageurls ingredientlist instructions internalname
    iscannabis iscoupon isfinished ismedicalonly isnutrient istaxable istestproduct lineagename
    lowinventorythreshold maxpurchaseablepertransaction ndc netweightunitid oilvolume onlineavailable
    onlinedescription onlineproduct onlinetitle posproducts pricingtier pricingtierdata pricingtierdescription
    pricingtiername producerid producername productgrams recflowerequivalent regulatorycategory regulatoryname
    servingsize servingsizeperunit size standardallergens strain strainid syncexternally tags
    taxcategories unitcbdcontentdose unitthccontentdose unittype vendorid vendorname
  `,
);

/** A label that nobody could read for long, such as a potency in a new unit, must not look like products that are lost. */
const LABELS: ReadonlySet<string> = new Set(["thc", "cbd", "net_weight"]);

/** A product under the guide's names or the POS API's, in any casing. Fails only without an id. */
export function decodeProduct(row: unknown): Decoded<DutchieProduct> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a product must be an object");
  const productId = fields.read("id", id);
  if (typeof productId !== "string")
    return failed(
      null,
      `the product has no id${marks(fields.read("product_name", name), fields.read("sku", text), fields.read("upc", text))}`,
      fields,
    );

  if (typeof fields.read("package", id) === "string" && (fields.pick("package_stock") ?? null) !== null)
    return failed(productId, "the row is a package of the product, so its price and cost are the package's");

  const product: DutchieProduct = {
    dutchie_product_id: productId,
    modified_at: stamped(fields),
    sku: fields.read("sku", text),
    upc: fields.read("upc", text),
    product_name: fields.read("product_name", name),
    brand: fields.read("brand", text),
    category: fields.read("category", text),
    master_category: fields.read("master_category", text),
    subcategory: fields.read("subcategory", text),
    strain_type: fields.read("strain_type", text),
    thc: label(fields, "thc_percent", "thc", "thc_unit"),
    cbd: label(fields, "cbd_percent", "cbd", "cbd_unit"),
    unit_grams: grams(fields.pick("net_weight"), fields.pick("net_weight_unit")),
    price: fields.amount("price"),
    rec_price: fields.amount("rec_price"),
    med_price: fields.amount("med_price"),
    unit_cost: fields.amount("unit_cost"),
    is_active: fields.read("is_active", flag) ?? undefined,
    dutchie_location_id: fields.read("location", id) ?? undefined,
  };
  // "1/8" is Dutchie's way to say what has no field here. "3,5" has one.
  if (product.unit_grams === undefined && hasComma(fields.pick("net_weight"))) fields.addGarbled("net_weight");
  if (fields.garbled !== undefined) {
    Object.assign(product, unreadable(garbledIn(fields)));
    if (fields.garbled.every((field) => LABELS.has(field))) product.labels_only = true;
  }
  return { ok: true, row: product, unknown: fields.unknown };
}

/** A bare number under a name that means percent is in percent. Under another name it is in the unit that Dutchie stated earlier. */
function label(
  fields: Fields<keyof typeof PRODUCT>,
  percentField: "thc_percent" | "cbd_percent",
  field: "thc" | "cbd",
  unitField: "thc_unit" | "cbd_unit",
): Label | null | undefined {
  const percent = fields.pick(percentField);
  const content = fields.pick(field);
  const unit = fields.pick(unitField);
  const isContent = percent === undefined || (percent === null && content !== undefined);
  const used = isContent ? content : percent;
  const found = potency(used, isContent || unit !== undefined ? unit : null);
  if (found === undefined && isGarbled(used)) fields.addGarbled(field);
  return found;
}
