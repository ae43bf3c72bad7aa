import {
  LARGEST_MONEY,
  LARGEST_POTENCY,
  MAX_ID,
  MAX_IDEMPOTENCY_KEY,
  MAX_ROOMS,
  MAX_SHOWN_WORDS,
  MAX_SKIPPED_ROWS,
  PRODUCT_NAME,
  PRODUCT_NOTES,
  SHORT_TEXT,
} from "../../domain/bounds.ts";
import { LEDGER_REASONS } from "../../domain/records/ledger.ts";
import { PRODUCT_STATUSES, type ProductField, PUSH_FIELDS } from "../../domain/records/model.ts";
import { CATEGORIES, ROOM_TYPES, SUBCATEGORY_NAMES } from "../../domain/vocabulary/reup.ts";
import {
  CONTROL_BUT_LINES,
  choice,
  clean,
  decisionReason,
  lineOfText,
  locationPath,
  pagination,
  time,
  z,
} from "./common.ts";

export const productPath = locationPath.extend({ product_id: z.string() });

export const productStatus = z.enum(PRODUCT_STATUSES);

/** A value of a field that both sides can write. */
export const fieldValue = z.union([z.string(), z.number(), z.null()]);

export const roomType = z.enum(ROOM_TYPES);
const reupCategory = z.enum(CATEGORIES);
const reupSubcategory = z.enum(SUBCATEGORY_NAMES);
const notMapped = "null: no rule maps Dutchie's word (`GET …/mapping`)";

const productContent = {
  dutchie_product_id: z.string().nullable(),
  sku: z.string().nullable(),
  upc: z.string().nullable(),
  product_name: z.string(),
  brand: z.string().nullable(),
  category: reupCategory.nullable().openapi({ description: `ReUp's category; ${notMapped}` }),
  subcategory: reupSubcategory
    .nullable()
    .openapi({ description: "ReUp's subcategory, of flower the strain type; null: none is told" }),
  thc_percentage: z.number().nullable(),
  cbd_percentage: z.number().nullable(),
  thc_mg: z.number().nullable(),
  cbd_mg: z.number().nullable(),
  unit_price: z.number().nullable(),
  unit_cost: z.number().nullable(),
} satisfies Record<Exclude<ProductField, "status">, z.ZodType>;

/** ReUp keeps SKU, weight and price on variants; a product of Dutchie's has one. */
const variant = z.object({
  id: z.string(),
  name: z.string(),
  sku: z.string().nullable(),
  weight: z.number().nullable(),
  weight_unit: z.enum(["g"]).nullable(),
  price: z.number().nullable(),
  wholesale_price: z.number().nullable().openapi({ description: "What the store pays: `unit_cost`" }),
});

/** What ReUp calls `product_id`, `product_name` and `status`, and the fields of its product that Dutchie does not tell. */
const inReupsWords = {
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  variants: z.array(variant),
  description: z.null(),
  images: z.array(z.string()).openapi({ description: "Always empty: images are not read from Dutchie" }),
  test_results: z.null(),
  created_at: time.optional().openapi({ description: "Only if the import that created it is known" }),
};

export const product = z
  .object({
    product_id: z.string(),
    ...inReupsWords,
    ...productContent,
    weight: z.number().nullable().openapi({ description: "Of one unit, as Dutchie states it; null: it states none" }),
    weight_unit: z.enum(["g"]).nullable(),
    dutchie_category: z.string().nullable().openapi({ description: "The category as Dutchie wrote it" }),
    strain_type: z.string().nullable().openapi({ description: "The strain type as Dutchie wrote it" }),
    quantity: z.number(),
    notes: z.string().nullable().openapi({ description: "ReUp's own note; not sent to Dutchie" }),
    pending: z
      .array(z.object({ field: z.enum(PUSH_FIELDS), dutchie_value: fieldValue }))
      .openapi({ description: "Edits on their way to Dutchie, with Dutchie's current values" }),
    status: productStatus,
    merged_into: z.string().nullable(),
    source: z.enum(["dutchie", "reup"]),
    source_updated_at: time.nullable(),
    updated_at: time,
  })
  .openapi("Product");
export type ProductJson = z.infer<typeof product>;

// No larger than what is read of Dutchie's answers: the edit would never be seen there.
const price = z.number().min(0).max(LARGEST_MONEY);
const milligrams = z.number().min(0).max(LARGEST_POTENCY);
const percent = z.number().min(0).max(100).nullable();

const editable = {
  sku: lineOfText(SHORT_TEXT.max).nullable(),
  upc: lineOfText(SHORT_TEXT.max).nullable(),
  product_name: lineOfText(PRODUCT_NAME.max),
  brand: lineOfText(SHORT_TEXT.max).nullable(),
  category: lineOfText(SHORT_TEXT.max).nullable().openapi({
    description:
      "ReUp's category, or Dutchie's word. Of a product of Dutchie's, it goes out as a word that the store's Dutchie uses",
  }),
  subcategory: lineOfText(SHORT_TEXT.max)
    .nullable()
    .openapi({ description: "ReUp's subcategory, or Dutchie's strain type" }),
  thc_percentage: percent,
  cbd_percentage: percent,
  thc_mg: milligrams.nullable(),
  cbd_mg: milligrams.nullable(),
  unit_price: price.nullable(),
  unit_cost: price.nullable(),
  notes: clean(PRODUCT_NOTES.max, CONTROL_BUT_LINES).nullable(),
  status: z.enum(["active", "inactive"]),
};

export const newProduct = z
  .strictObject({ ...z.strictObject(editable).partial().shape, product_name: editable.product_name })
  .openapi("NewProduct");

/** So that a call whose answer was lost can be repeated. */
export const idempotencyKey = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[ -~]+$/, "must be of ASCII")
    .max(MAX_IDEMPOTENCY_KEY)
    .optional()
    .openapi({
      description:
        "Any text of yours, such as a UUID. Within a day the same key with the same body adds nothing and answers with " +
        "the product of the first call",
    }),
});

/** Any fields of a product. A field that cannot be edited is refused with the reason (409), an unknown one as an error (400). */
export const productPatch = z
  .strictObject({
    ...editable,
    dutchie_category: lineOfText(SHORT_TEXT.max)
      .nullable()
      .openapi({ description: "A category word that the store's Dutchie uses" }),
    strain_type: lineOfText(SHORT_TEXT.max)
      .nullable()
      .openapi({ description: "A strain type that the store's Dutchie uses" }),
    quantity: z.number().openapi({ description: "Always refused: quantities come from Dutchie" }),
  })
  .partial()
  .refine((fields) => Object.keys(fields).length > 0, "must name at least one field")
  .openapi("ProductPatch");

/** A person's wish for a link. */
export const linkWish = z
  .strictObject({
    dutchie_product_id: z
      .string()
      .trim()
      .min(1)
      .max(MAX_ID)
      .nullable()
      .openapi({ description: "Dutchie's id of the product that it is; null: it is none of Dutchie's" }),
    reason: decisionReason,
  })
  .openapi("LinkProduct");

export const inventoryRow = z
  .object({
    id: z.string().openapi({ description: "The same as `inventory_id`" }),
    inventory_id: z.string(),
    dutchie_inventory_id: z.string(),
    location_id: z.string(),
    product_id: z.string().nullable(),
    product_name: z.string().nullable(),
    sku: z.string().nullable(),
    package_id: z.string().nullable(),
    quantity: z.number().openapi({
      description: "Dutchie's, with what orders reserve; without it in a store that counts available_minus_allocated",
    }),
    reserved_quantity: z
      .number()
      .openapi({ description: "Allocated to orders, taken from the fullest sales floor first" }),
    available_quantity: z.number().openapi({ description: "quantity − reserved_quantity" }),
    room_type: roomType.nullable().openapi({ description: `ReUp's room type; ${notMapped}` }),
    room_name: z.string().openapi({ description: "The room as Dutchie names it" }),
    unit_cost: z.number().nullable(),
    unit_price: z.number().nullable(),
    last_sync: time
      .nullable()
      .openapi({ description: "The store's last successful sync, or this package's change after it" }),
    source_updated_at: time.nullable(),
    updated_at: time,
  })
  .openapi("InventoryItem");
export type InventoryJson = z.infer<typeof inventoryRow>;

export const inventorySnapshot = z
  .object({
    date: z.string(),
    time_zone: z.string(),
    as_of: time.openapi({ description: "The end of that day in the store; of today, now" }),
    data: z.array(inventoryRow.omit({ last_sync: true, source_updated_at: true, updated_at: true })),
    next_cursor: z.string().nullable(),
  })
  .openapi("InventorySnapshot");

export const productDetail = product.extend({ inventory: z.array(inventoryRow) }).openapi("ProductDetail");

const saleFields = {
  sale_id: z.string(),
  dutchie_transaction_id: z.string(),
  completed_at: time,
  type: z.string(),
  subtotal: z.number().nullable(),
  discount: z.number().nullable(),
  tax: z.number().nullable(),
  total: z.number().nullable(),
  is_void: z.boolean(),
  is_return: z.boolean(),
  return_of: z.string().nullable(),
  item_count: z.number(),
  adjustment_of: z.string().nullable(),
};

export const saleItem = z.object({
  product_id: z.string().nullable(),
  quantity: z.number(),
  unit_price: z.number().nullable(),
  unit_cost: z.number().nullable(),
  discount: z.number().nullable(),
  total: z.number().nullable(),
  is_returned: z.boolean(),
  is_coupon: z.boolean().openapi({ description: "A coupon, and no goods: no unit of it counts as sold" }),
});

/** A sale without its lines, as in the CSV. */
export const flatSale = z.object(saleFields);
export type FlatSaleJson = z.infer<typeof flatSale>;

export const sale = z.object({ ...saleFields, items: z.array(saleItem) }).openapi("Sale");
export type SaleJson = z.infer<typeof sale>;

export const room = z
  .object({ room_name: z.string(), room_type: roomType.nullable(), dutchie_room_id: z.string().nullable() })
  .openapi("Room");

export const category = z.object({ category: reupCategory, products: z.number() }).openapi("Category");

const mappedWord = z
  .object({
    kind: z.enum(["room", "category"]),
    word: z.string().nullable().openapi({ description: "As Dutchie writes it; null: Dutchie names none" }),
    count: z.number().openapi({ description: "Packages in the room, or products of the category" }),
    value: z.number().openapi({ description: "Quantity × price of their stock" }),
    room_type: roomType.nullable(),
    category: reupCategory.nullable(),
    subcategory: reupSubcategory.nullable(),
    rule: z
      .enum(["setting", "flags", "name", "default", "master_category", "subcategory"])
      .nullable()
      .openapi({ description: "What mapped it; null: nothing did" }),
  })
  .openapi("MappedWord");

/** The default is what the list had before it had pages. */
export const mappingQuery = z.object({
  page: z.coerce.number().int().min(1).max(MAX_SKIPPED_ROWS).default(1),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  mapped: choice.openapi({ description: "`false`: only words that a person can map and nothing does" }),
});

export const mapping = z
  .object({
    data: z.array(mappedWord),
    pagination,
    words: z.number().openapi({ description: "All words, the mapped ones, too. An entry without a word is none" }),
    unmapped: z.number().openapi({ description: "Words that no rule maps; map them in the settings" }),
    is_cut: z.boolean().openapi({
      description: `The store uses more words than are shown: the rooms with the most stock and the words of the most products are, up to ${MAX_SHOWN_WORDS} of each, and rooms without stock up to ${MAX_ROOMS} in all`,
    }),
  })
  .openapi("Mapping");
export type MappedWordJson = z.infer<typeof mappedWord>;

export const ledgerEntry = z
  .object({
    at: time,
    inventory_id: z.string(),
    package_id: z.string().nullable(),
    room_type: roomType.nullable(),
    room_name: z.string(),
    change: z.number(),
    balance: z.number().openapi({ description: "Of the product, after the change" }),
    reason: z.enum(LEDGER_REASONS),
    ref: z
      .object({ kind: z.enum(["sale", "event", "run", "review"]), id: z.string(), label: z.string() })
      .nullable()
      .openapi({ description: "What told or explains it" }),
  })
  .openapi("LedgerEntry");

export const change = z
  .object({
    change_id: z.string(),
    resource: z.string(),
    record_id: z.string(),
    subject: z
      .object({
        product_id: z.string().nullable(),
        product_name: z.string().nullable(),
        package_id: z.string().nullable(),
        room_name: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "The product, or the package and its product, as ReUp has it now; null: neither" }),
    fields: z.record(z.string(), z.object({ before: z.unknown(), after: z.unknown() })),
    cause: z.string().openapi({ example: "webhook" }),
    ref: z.string().nullable().openapi({ description: "Id of the event, run or review" }),
    decided: z
      .object({ by: z.string(), reason: z.string().nullable() })
      .nullable()
      .openapi({ description: "Of a person's decision: who, and why in their words" }),
    at: time,
  })
  .openapi("Change");
export type ChangeJson = z.infer<typeof change>;

const eventOutcome = z.enum(["pending", "applied", "duplicate", "stale", "invalid", "ignored"]);
export type EventOutcome = z.infer<typeof eventOutcome>;

export const webhookEvent = z
  .object({
    event_id: z.string(),
    type: z.string(),
    occurred_at: time,
    received_at: time,
    applied_at: time.nullable(),
    outcome: eventOutcome,
    reason: z.string().nullable(),
    /** Only in the answer for a single event. Customer data is removed before it is stored. */
    body: z.unknown().optional(),
  })
  .openapi("WebhookEvent");
export type EventJson = z.infer<typeof webhookEvent>;
