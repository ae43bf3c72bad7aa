/**
 * The shapes of Dutchie's answers, as types only: shape → type → the names of the fields. A `?` behind a type: the field
 * may be null or absent. `[]`: a list of it. A capital: another shape of this table.
 */
const SHAPES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LocationIdentity: {
    int: "locationId lspId",
    "text?": `
      locationName lspName address address2 city state postalCode licenseNumber doingBusinessAs region regionId
    `,
    flag: "shareCustomerProfiles",
    "uuid?": "globalId locationGlobalId lspGlobalId",
  },
  Room: {
    "int?": "roomId",
    "text?": "roomName",
    flag: `
      isQuarantineRoom isVaultRoom isWaitingRoom isSalesFloor isPOSRoom isInventoryRoom isPreOrderRoom
      isEcommerceRoom
    `,
  },
  ProductDetail: {
    int: "productId",
    "text?": `
      sku internalName productName description masterCategory category imageUrl strain strainType size
      netWeightUnit brandName vendorName unitType onlineTitle onlineDescription
      pricingTierName pricingTierDescription flavor alternateName lineageName distillationName dosage
      instructions allergens defaultUnit producerName upc regulatoryCategory ndc illinoisTaxCategory
      externalCategory externalId regulatoryName administrationMethod ingredientList abbreviation servingSize
      ecomCategory ecomSubcategory customMetadata
    `,
    "int?": `
      categoryId strainId netWeightUnitId brandId vendorId pricingTier producerId expirationDays
      servingSizePerUnit
    `,
    "text[]?": "imageUrls taxCategories",
    "number?": `
      netWeight productGrams flowerEquivalent recFlowerEquivalent price medPrice recPrice
      unitCost lowInventoryThreshold maxPurchaseablePerTransaction grossWeight daysSupply unitCBDContentDose
      unitTHCContentDose oilVolume
    `,
    // What nobody can read is listed, as a negative potency or one in bananas.
    "amount?": "thcContent cbdContent",
    "potencyUnit?": "thcContentUnit cbdContentUnit",
    flag: `
      isCannabis isActive isCoupon isMedicalOnly syncExternally isTestProduct isFinished allowAutomaticDiscounts
      isNutrient
    `,
    "flag?": "onlineProduct posProducts onlineAvailable isTaxable",
    "PricingTierData[]?": "pricingTierData",
    "ProductTag[]?": "tags",
    "StandardAllergensDetails?": "standardAllergens",
    "time?": "createdDate lastModifiedDateUTC approvalDateUTC",
    "BroadcastedResponses?": "broadcastedResponses",
  },
  PricingTierData: {
    "number?": "startWeight endWeight",
    number: "price medicalPrice",
  },
  ProductTag: {
    int: "tagId productId",
    "text?": "tagName",
  },
  StandardAllergensDetails: {
    flag: "milk eggs fish peanuts treeNuts sesame shellfish soybeans wheat",
  },
  BroadcastedResponses: {
    "LocationResponse[]?": "responses",
  },
  LocationResponse: {
    "text?": "locationName licenseNumber outcome broadcastedTo errorDetail",
    int: "locId outcomeId",
  },
  ReportingInventoryItem: {
    "text?": `
      unitWeightUnit sku productName description category imageUrl quantityUnits flowerEquivalentUnits batchName
      packageId packageStatus strain strainType size labTestStatus vendor pricingTierName alternateName
      brandName externalPackageId producer potencyIndicator masterCategory packageNDC labResultUrl
    `,
    "number?": "unitCost allocatedQuantity recFlowerEquivalent medUnitPrice recUnitPrice effectivePotencyMg",
    int: "inventoryId productId batchId",
    "int?": "categoryId strainId vendorId brandId producerId",
    number: "quantityAvailable unitWeight flowerEquivalent unitPrice",
    "LabResult[]?": "labResults",
    "time?": "testedDate sampleDate packagedDate manufacturingDate lastModifiedDateUtc expirationDate",
    "InventoryRoomQuantity[]?": "roomQuantities",
    "InventoryTag[]?": "tags",
    flag: "medicalOnly isCannabis",
    "PackageLineage[]?": "lineage",
  },
  LabResult: {
    "text?": "labTest labResultUnit",
    "number?": "value",
    unit: "labResultUnitId",
  },
  InventoryRoomQuantity: {
    int: "roomId",
    "text?": "room",
    number: "quantityAvailable",
  },
  InventoryTag: {
    int: "tagId",
    "text?": "tagName packageId",
  },
  PackageLineage: {
    "text?": "packageId batchName antecedentBatchName",
    int: "antecedentPackageDistance",
    flag: "antecedentIsHarvest",
  },
  Transaction: {
    int: "transactionId customerId employeeId totalItems customerTypeId responsibleForSaleUserId",
    time: "transactionDate lastModifiedDateUTC transactionDateLocalTime",
    "time?": "voidDate checkInDate estTimeArrivalLocal estDeliveryDateLocal",
    flag: "isVoid isTaxInclusive wasPreOrdered isReturn isMedical",
    number: "subtotal totalDiscount totalBeforeTax tax total paid changeDue totalCredit",
    "number?": `
      tipAmount loyaltyEarned loyaltySpent cashPaid debitPaid electronicPaid checkPaid creditPaid giftPaid
      mmapPaid prePaymentAmount revenueFeesAndDonations nonRevenueFeesAndDonations manualPaid integratedPaid
    `,
    "text?": `
      terminalName invoiceNumber transactionType electronicPaymentMethod orderType orderSource orderMethod
      invoiceName authCode completedByUser referenceId
    `,
    "TransactionItem[]?": "items",
    "AppliedDiscount[]?": "discounts",
    "FeeDonationInfo[]?": "feesAndDonations",
    "TaxSummaryInfo[]?": "taxSummary",
    "int?": "returnOnTransactionId adjustmentForTransactionId",
    "int[]?": "orderIds",
    "ManualPayment[]?": "manualPayments",
    "IntegratedPayment[]?": "integratedPayments",
  },
  TransactionItem: {
    int: "transactionId productId inventoryId unitId transactionItemId",
    number: "totalPrice quantity unitPrice totalDiscount",
    "number?": "unitCost unitWeight flowerEquivalent",
    "text?": "packageId sourcePackageId unitWeightUnit flowerEquivalentUnit returnReason batchName vendor",
    "AppliedDiscount[]?": "discounts",
    "LineItemTaxInfo[]?": "taxes",
    "time?": "returnDate",
    flag: "isReturned isCoupon",
    "int?": "returnedByTransactionId",
  },
  AppliedDiscount: {
    int: "discountId transactionItemId",
    "text?": "discountName discountReason",
    number: "amount",
  },
  LineItemTaxInfo: {
    "text?": "rateName",
    number: "rate amount",
    int: "transactionItemId",
  },
  FeeDonationInfo: {
    int: "feeDonationId",
    "text?": "description",
    number: "amount",
    flag: "isRevenue",
  },
  TaxSummaryInfo: {
    "text?": "rateName",
    number: "amount",
  },
  ManualPayment: {
    "text?": "manualPaymentProcessorName",
    number: "manualPaid",
  },
  IntegratedPayment: {
    "text?": "integrationType externalPaymentId",
    number: "integratedPaid",
  },
};

export interface Field {
  name: string;
  type: string;
  list: boolean;
  nullable: boolean;
}

const opened = new Map<string, readonly Field[]>();

/** The fields of a shape, in the order of the table. */
export function fieldsOf(shape: string): readonly Field[] {
  const known = opened.get(shape);
  if (known !== undefined) return known;
  const types = SHAPES[shape];
  if (types === undefined) throw new Error(`The table has no shape ${shape}.`);
  const fields = Object.entries(types).flatMap(([written, names]) => {
    const nullable = written.endsWith("?");
    const bare = nullable ? written.slice(0, -1) : written;
    const list = bare.endsWith("[]");
    const type = list ? bare.slice(0, -2) : bare;
    return names
      .trim()
      .split(/\s+/)
      .map((name): Field => ({ name, type, list, nullable }));
  });
  opened.set(shape, fields);
  return fields;
}
