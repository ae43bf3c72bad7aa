import { MAX_HISTORY_DAYS, MIN_DETAIL_DAYS } from "../../domain/bounds.ts";
import { AUTHORITIES, FREQUENCIES, PUSH_FIELDS } from "../../domain/records/model.ts";
import { CATEGORIES, isSubcategoryOf, ROOM_TYPES, SUBCATEGORY_NAMES } from "../../domain/vocabulary/reup.ts";
import { z } from "./common.ts";

const dataTypes = {
  products: z.boolean(),
  inventory: z.boolean(),
  sales: z.boolean(),
  customers: z.boolean(),
};

const alerts = {
  on_failure: z.boolean(),
  max_duration_seconds: z.number().int().min(1).max(86_400),
  max_error_rate: z.number().min(0).max(1),
  max_staleness_minutes: z.number().int().min(1).max(10_080),
};

/** A name or category of Dutchie's. */
const word = z.string().min(1).max(200);

const rest = {
  frequency: z.enum(FREQUENCIES),
  direction: z.enum(["dutchie_to_reup", "bidirectional"]),
  field_authority: z.partialRecord(z.enum(PUSH_FIELDS), z.enum(AUTHORITIES)).openapi({
    description: "For bidirectional stores: which side decides about a field. Default: ask",
  }),
  duplicate_sku: z.enum(["auto", "merge", "review"]),
  room_types: z
    .record(word, z.enum(ROOM_TYPES))
    .refine((rooms) => Object.keys(rooms).length <= 500, "must not name more than 500 rooms")
    .openapi({
      description: "Dutchie's name of a room → ReUp's room type, before Dutchie's flags and the words of the name",
    }),
  categories: z
    .record(
      word,
      z
        .strictObject({ category: z.enum(CATEGORIES), subcategory: z.enum(SUBCATEGORY_NAMES).nullish() })
        .refine(({ category, subcategory }) => subcategory == null || isSubcategoryOf(category, subcategory), {
          error: "must be a subcategory of this category, or a strain type",
          path: ["subcategory"],
        }),
    )
    .refine((words) => Object.keys(words).length <= 500, "must not name more than 500 words")
    .openapi({ description: "Dutchie's word for a category → ReUp's category, before the default table" }),
  low_stock_threshold: z.number().min(0).max(1e6),
  quantity_basis: z.enum(["available", "available_minus_allocated"]),
  sales_history_days: z.number().int().min(1).max(MAX_HISTORY_DAYS),
  sales_detail_days: z
    .number()
    .int()
    .min(MIN_DETAIL_DAYS)
    .max(3_650)
    .openapi({
      description:
        "After so many days (at least `sales_history_days`) the lines of sales are replaced by their sums per day and product. " +
        "Sales and sales insights stay; such sales show no items, and insights of customers begin later",
    }),
  overnight_hour: z.number().int().min(0).max(23).openapi({
    description: "The nightly full sync begins within three hours from this hour on, in the store's time zone",
  }),
};

export const settings = z
  .object({ ...rest, data_types: z.object(dataTypes), alerts: z.object(alerts) })
  .openapi("Settings");

/** Any part of the settings. An unknown key is refused, so that a typing error is noticed. */
export const settingsPatch = z
  .strictObject({
    ...z.strictObject(rest).partial().shape,
    data_types: z.strictObject(dataTypes).partial().optional(),
    alerts: z.strictObject(alerts).partial().optional(),
  })
  .openapi("SettingsPatch");
