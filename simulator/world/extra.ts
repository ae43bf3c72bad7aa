import { Random } from "../random.ts";
import type { Row } from "../row.ts";

/** The names of tags. A write has their ids; a read has ids and names. */
const TAGS: Record<number, string> = { 1: "New", 2: "Staff pick", 3: "Clearance", 4: "Local" };

const DESCRIPTIONS = ["Small batch, slow cured.", "A favourite of the house.", "Tested by an independent lab."];
const VENDORS = ["Front Range Supply", "Mile High Goods", "Sunrise Wholesale"];

/**
 * The fields of Dutchie's product that the simulator does not use itself. They are here because a careless write would lose
 * them, so most have a value and some are null. They follow from the id alone: nothing is stored for a product until one is
 * changed, and no edit of another field changes them.
 */
export function seededExtra(id: number): Row {
  const random = new Random(id);
  const some = <T>(probability: number, value: T): T | null => (random.chance(probability) ? value : null);
  const vendor = random.int(0, VENDORS.length - 1);
  const isListed = random.chance(0.8);
  return {
    productId: id,
    internalName: some(0.2, `Int-${id}`),
    description: some(0.7, random.pick(DESCRIPTIONS)),
    categoryId: 10 + (id % 12),
    imageUrl: some(0.8, `https://images.example/${id}.jpg`),
    imageUrls: [],
    strainId: some(0.6, 500 + (id % 90)),
    size: some(0.3, random.pick(["1 g", "3.5 g", "10 pack"])),
    netWeightUnitId: some(0.8, 1 + (id % 4)),
    brandId: 100 + (id % 40),
    vendorId: 200 + vendor,
    vendorName: some(0.9, VENDORS[vendor] ?? null),
    isCoupon: false,
    productGrams: some(0.7, random.decimal(0.5, 28, 2)),
    flowerEquivalent: some(0.5, random.decimal(0.1, 28, 2)),
    recFlowerEquivalent: some(0.4, random.decimal(0.1, 28, 2)),
    unitType: "Quantity",
    onlineTitle: some(0.4, `Online ${id}`),
    onlineDescription: some(0.3, random.pick(DESCRIPTIONS)),
    onlineProduct: isListed,
    posProducts: true,
    pricingTier: null,
    onlineAvailable: isListed,
    lowInventoryThreshold: some(0.3, random.int(1, 20)),
    pricingTierName: some(0.1, "Standard"),
    pricingTierDescription: null,
    pricingTierData: null,
    flavor: some(0.2, random.pick(["Mango", "Mint", "Berry"])),
    alternateName: some(0.3, `Alt ${id}`),
    lineageName: null,
    distillationName: some(0.1, "CO2"),
    maxPurchaseablePerTransaction: some(0.1, random.int(2, 10)),
    tags: Object.keys(TAGS)
      .map(Number)
      .filter(() => random.chance(0.25)),
    dosage: some(0.1, "Start low"),
    instructions: some(0.2, "Keep cool and dry."),
    allergens: some(0.1, "Contains soy"),
    standardAllergens: some(0.1, {
      milk: false,
      eggs: false,
      fish: false,
      peanuts: true,
      soybeans: true,
      wheat: false,
    }),
    defaultUnit: random.pick(["Each", "Grams"]),
    producerId: null,
    producerName: some(0.3, "Green Fields"),
    isMedicalOnly: random.chance(0.05),
    grossWeight: some(0.4, random.decimal(1, 60, 1)),
    isTaxable: !random.chance(0.05),
    taxCategories: random.pick([["Excise", "Sales"], ["Sales"], []]),
    regulatoryCategory: some(0.8, random.pick(["Buds", "Infused (edible)", "Concentrate"])),
    ndc: some(0.1, `NDC-${id}`),
    daysSupply: some(0.2, random.int(1, 30)),
    illinoisTaxCategory: null,
    externalCategory: some(0.2, "EXT-CAT"),
    externalId: some(0.5, `EXT-${id}`),
    syncExternally: random.chance(0.3),
    regulatoryName: some(0.3, `Reg ${id}`),
    broadcastedResponses: null,
    administrationMethod: some(0.3, random.pick(["Inhaled", "Oral"])),
    unitCBDContentDose: some(0.2, random.decimal(0.5, 10, 1)),
    unitTHCContentDose: some(0.3, random.decimal(1, 10, 1)),
    oilVolume: some(0.1, random.decimal(0.1, 1, 2)),
    ingredientList: some(0.2, "Sugar, pectin, cannabis extract"),
    expirationDays: some(0.4, random.int(30, 720)),
    abbreviation: some(0.2, `AB${id % 100}`),
    isTestProduct: random.chance(0.02),
    isFinished: random.chance(0.05),
    allowAutomaticDiscounts: random.chance(0.9),
    servingSize: some(0.2, "1 piece"),
    servingSizePerUnit: some(0.2, random.int(1, 20)),
    isNutrient: random.chance(0.02),
    approvalDateUTC: some(0.3, "2025-03-01T00:00:00Z"),
    ecomCategory: some(0.3, "FLOWER"),
    ecomSubcategory: null,
    customMetadata: some(0.2, `{"shelf":${id % 50}}`),
  };
}

/** The tags of a product in a read; only their ids are stored. */
export function tagsOf(ids: unknown, productId: number): Row[] | null {
  if (!Array.isArray(ids)) return null;
  return ids.map((tagId: number) => ({ tagId, tagName: TAGS[tagId] ?? null, productId }));
}
