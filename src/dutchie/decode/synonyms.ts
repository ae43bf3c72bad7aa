import { remembered } from "../../domain/values/remembered.ts";

/**
 * Every name of each field, the preferred one first. The guide names few fields, and some stores run servers of their own.
 * Names are in lower case, without underscores and hyphens. A table test reads each of them.
 */

/** Last modified. */
const MODIFIED = `lastmodifieddateutc lastmodifieddate lastmodifiedutc lastmodifiedat lastmodifiedon lastmodified
  updatedat updatedatutc updateddate updatedon updated modifiedat modifieddate modifieddateutc modifiedon modified
  lastupdatedat lastupdateddate lastupdated datemodified dateupdated`;
const BRAND = "brandname brand";
const SKU = "sku productsku itemsku skucode";
const UPC = "upc barcode upccode gtin ean";
const STRAIN_TYPE = "straintype";
export const LOCATION = "locationid dutchielocationid";
const CATEGORY = "category categoryname productcategory";
const MASTER_CATEGORY = "mastercategory";
const COST = "unitcost cost costperunit";
const REC_PRICE = "recprice recunitprice recreationalprice recreationalunitprice adultuseprice";
const MED_PRICE = "medprice medunitprice medicalprice medicalunitprice";
/** A value under these names has its unit in a field of its own; under `…_PERCENT` names a bare number is percent. */
const THC = "thccontent thcvalue thcpotency totalthc thc";
const THC_PERCENT = "potencythc thcpercentage thcpercent";
const CBD = "cbdcontent cbdvalue cbdpotency totalcbd cbd";
const CBD_PERCENT = "potencycbd cbdpercentage cbdpercent";

export const PRODUCT = table({
  id: "productid id dutchieproductid",
  sku: SKU,
  upc: UPC,
  product_name: "productname name title itemname displayname",
  brand: BRAND,
  category: CATEGORY,
  master_category: MASTER_CATEGORY,
  subcategory: "subcategory subcategoryname productsubcategory",
  strain_type: STRAIN_TYPE,
  thc: THC,
  thc_percent: THC_PERCENT,
  cbd: CBD,
  cbd_percent: CBD_PERCENT,
  thc_unit: "thccontentunit potencythcunit thcunit thcpotencyunit",
  cbd_unit: "cbdcontentunit potencycbdunit cbdunit cbdpotencyunit",
  net_weight: "netweight weight unitweight",
  net_weight_unit: "netweightunit weightunit unitweightunit netweightunits weightunits",
  price: "price unitprice retailprice listprice baseprice sellingprice",
  rec_price: REC_PRICE,
  med_price: MED_PRICE,
  unit_cost: COST,
  is_active: "isactive active status enabled isenabled",
  modified: MODIFIED,
  /** A package names its product, too. */
  package: "inventoryid inventoryitemid packageid",
  package_stock: "roomquantities quantityavailable roomname",
  location: LOCATION,
});

/** The id of an inventory row is its own, never the package's: one package may have several rows. */
export const PACKAGE = table({
  id: "inventoryid id inventoryitemid",
  product_id: "productid dutchieproductid",
  product: "product",
  sku: SKU,
  upc: UPC,
  product_name: "productname name title itemname displayname",
  brand: BRAND,
  category: CATEGORY,
  master_category: MASTER_CATEGORY,
  strain_type: STRAIN_TYPE,
  package_id: "packageid packagetag packagelabel packagenumber",
  quantity: `quantityavailable quantity availablequantity qtyavailable availableqty quantityonhand onhandquantity
    qtyonhand onhand qty count units stock stocklevel stockquantity currentquantity`,
  allocated: "allocatedquantity allocated quantityallocated reservedquantity reserved quantityreserved",
  room: "roomname room storagelocation sublocation area",
  room_id: "roomid",
  rooms: "roomquantities roomquantity quantitiesbyroom roomstock rooms",
  unit_cost: COST,
  price: "unitprice price priceperunit retailprice sellingprice",
  rec_price: REC_PRICE,
  med_price: MED_PRICE,
  modified: MODIFIED,
  /** A line of a sale names its package, too. */
  sale: "transactionid transactionitemid saleitemid orderitemid completedat transactiondate",
  location: LOCATION,
});

/** An entry of a package's rooms. */
export const ROOM_QUANTITY = table({
  id: "roomid",
  room: "roomname room name storagelocation sublocation area",
  quantity: PACKAGE.quantity.join(" "),
});

export const ROOM = table({
  id: "roomid id",
  room: "roomname name room title displayname",
  quarantine: "isquarantineroom isquarantine",
  vault: "isvaultroom isvault",
  sales_floor: "issalesfloor issalesfloorroom",
  pos: "isposroom",
  ecommerce: "isecommerceroom",
  pre_order: "ispreorderroom",
  inventory: "isinventoryroom",
});

export const SALE = table({
  id: "transactionid saleid id orderid receiptid ticketid transactionnumber ordernumber receiptnumber",
  // `transactionDateLocalTime` is local time in an unknown zone: known, and never read.
  completed: `completedat completedatutc completeddateutc completeddatetime completeddate completedtime completedon completed
    completiondate completiontime
    transactiondateutc transactiondatetimeutc transactiondatetime transactiondate transactiontime transactiontimestamp
    transactedat transactedon
    closedat closeddateutc closeddatetime closeddate closedtime closedon
    soldat soldon solddate saledateutc saledatetime saledate saletime checkoutdatetime checkoutdate checkouttime checkedoutat
    paidat paidon purchasedat purchasedon purchasedate purchasetime
    orderdatetime orderdate ordertime orderedat orderedon finishedat dateutc datetime datetimeutc date timestamp time
    createdat createdatutc createddateutc createddatetime createddate createdtime createdon created datecreated`,
  type: "transactiontype type saletype",
  subtotal: "subtotal subtotalamount itemstotal",
  discount: "totaldiscount totaldiscounts discount discounttotal discountamount discounts",
  tax: "tax totaltax totaltaxes taxtotal taxamount salestax taxes",
  total: "total totalamount grandtotal amounttotal ordertotal saletotal transactiontotal totalprice amount",
  total_items: "totalitems itemcount itemscount numberofitems linecount",
  is_void: "isvoid void voided isvoided iscancelled iscanceled cancelled canceled",
  /** When it was voided: only a void has such a time. */
  voided_at: `voiddate voiddateutc voiddatetime voidedat voidedatutc voidedon voideddate voidedtime
    cancelledat cancelledon cancelleddate canceledat canceledon canceleddate`,
  /** "Voided" among other states. */
  status: "status transactionstatus",
  is_return: "isreturn isrefund return returned refund refunded",
  return_of: "returnof returnontransactionid refundof originaltransactionid returnedtransactionid",
  adjustment_of: "adjustmentfortransactionid adjustmentof adjustmentfor",
  customer: "customerid",
  location: LOCATION,
  lines: "items lineitems lines transactionitems saleitems orderitems products details transactiondetails",
  modified: MODIFIED,
});

/** Names that tills give a sale to a customer. A type in neither list, such as a transfer, keeps its name. */
const RETAIL_TYPES = words(`retail sale sales purchase order recreational rec adultuse adult medical med retailsale
  retailorder retailpurchase recreationalsale adultusesale medicalsale salesorder customerorder customersale patientsale
  pos possale instore walkin pickup curbside delivery drivethru online onlineorder preorder checkout`);
const RETURN_TYPES = words(
  "return returned refund refunded retailreturn retailrefund salereturn salerefund salesreturn",
);

/** The transaction type that ReUp stores, and whether it means a return. */
export const saleType = remembered((stated): { readonly type: string; readonly is_return: boolean } => {
  const word = stated.toLowerCase().replace(/[^a-z]/g, "");
  if (RETURN_TYPES.has(word)) return { type: "retail", is_return: true };
  return { type: RETAIL_TYPES.has(word) ? "retail" : stated.toLowerCase(), is_return: false };
});

/** One line of a sale. */
export const LINE = table({
  id: "transactionitemid lineid lineitemid saleitemid orderitemid id",
  transaction: "transactionid",
  product_id: "productid dutchieproductid",
  product: "product",
  inventory_id: "inventoryid inventoryitemid",
  package_id: "packageid packagetag packagelabel",
  sku: SKU,
  upc: UPC,
  product_name: "productname name title itemname displayname description",
  quantity: "quantity qty quantitysold qtysold soldquantity count units unitssold",
  price: "unitprice price priceperunit itemprice saleprice sellingprice",
  rec_price: REC_PRICE,
  med_price: MED_PRICE,
  unit_cost: COST,
  discount: "totaldiscount totaldiscounts discount discountamount discounttotal discounts",
  total: "totalprice total linetotal totalamount amount extendedprice",
  is_returned: "isreturned returned isrefunded",
  is_coupon: "iscoupon",
});

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

function table<F extends string>(names: Record<F, string>): Readonly<Record<F, readonly string[]>> {
  const entries = Object.entries<string>(names).map(([field, list]) => [field, list.trim().split(/\s+/)]);
  return Object.fromEntries(entries) as Record<F, string[]>;
}
