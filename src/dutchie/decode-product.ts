import type { DutchieProduct } from "../domain/model.ts";
import { type Decoded, failed, MODIFIED } from "./decoded.ts";
import { flag, id, keyTable, number, openRow, put, text } from "./fields.ts";
import { parseStamp } from "./stamp.ts";
import { grams, potency } from "./units.ts";

const ID = ["productid", "id"] as const;
const THC = ["potencythc", "thccontent", "thcpercentage", "thc"] as const;
const CBD = ["potencycbd", "cbdcontent", "cbdpercentage", "cbd"] as const;
const THC_UNIT = ["thccontentunit", "potencythcunit", "thcunit"] as const;
const CBD_UNIT = ["cbdcontentunit", "potencycbdunit", "cbdunit"] as const;

const KEYS = keyTable(
  [...ID, ...THC, ...CBD, ...THC_UNIT, ...CBD_UNIT, ...MODIFIED],
  `
    sku upc barcode productname name brandname brand category mastercategory straintype netweight netweightunit
    price recprice unitcost isactive active status
  `,
  // Known and not needed here.
  `
    abbreviation administrationmethod allergens allowautomaticdiscounts alternatename approvaldateutc brandid
    broadcastedresponses categoryid createdat createddate custommetadata dayssupply defaultunit description
    distillationname dosage ecomcategory ecomsubcategory expirationdays externalcategory externalid flavor
    flowerequivalent grossweight illinoistaxcategory imageurl imageurls ingredientlist instructions internalname
    iscannabis iscoupon isfinished ismedicalonly isnutrient istaxable istestproduct lineagename locationid
    lowinventorythreshold maxpurchaseablepertransaction medprice ndc netweightunitid oilvolume onlineavailable
    onlinedescription onlineproduct onlinetitle posproducts pricingtier pricingtierdata pricingtierdescription
    pricingtiername producerid producername productgrams recflowerequivalent regulatorycategory regulatoryname
    servingsize servingsizeperunit size standardallergens strain strainid subcategory syncexternally tags
    taxcategories unitcbdcontentdose unitthccontentdose unittype vendorid vendorname
  `,
);

/** A product under the guide's names or the POS API's, in any casing. Fails only when it does not tell its id. */
export function decodeProduct(row: unknown): Decoded<DutchieProduct> {
  const fields = openRow(row, KEYS);
  if (!fields) return failed(null, "a product must be an object");
  const { pick } = fields;
  const productId = id(pick(...ID));
  if (productId === null) return failed(null, "the product has no id");

  const product: DutchieProduct = { dutchie_product_id: productId, modified_at: parseStamp(pick(...MODIFIED)) };
  put(product, "sku", text(pick("sku")));
  put(product, "upc", text(pick("upc", "barcode")));
  put(product, "product_name", text(pick("productname", "name")));
  put(product, "brand", text(pick("brandname", "brand")));
  // The store's own category; the master category only where the store has none.
  put(product, "category", text(pick("category") === undefined ? pick("mastercategory") : pick("category")));
  put(product, "strain_type", text(pick("straintype")));
  put(product, "thc", potency(pick(...THC), pick(...THC_UNIT)));
  put(product, "cbd", potency(pick(...CBD), pick(...CBD_UNIT)));
  put(product, "unit_grams", grams(pick("netweight"), pick("netweightunit")));
  put(product, "price", number(pick("price", "recprice")));
  put(product, "unit_cost", number(pick("unitcost")));
  put(product, "is_active", flag(pick("isactive", "active", "status")));
  return { ok: true, row: product, unknown: fields.unknown };
}
