import { FEED_RESOURCES } from "../../domain/feed/entries.ts";
import { z } from "./common.ts";
import { change, inventoryRow, product, sale } from "./records.ts";

const record = z
  .union([product, inventoryRow, sale])
  .nullable()
  .openapi({
    description:
      "The record as it is now: store it under `record_id`. null: it is gone, so delete it. A product's `quantity` and " +
      "`pending`, and a package's `product_name` and `last_sync`, follow from other records and have no entry of their own",
  });

const feedEntry = change
  .omit({ change_id: true, subject: true, decided: true })
  .extend({
    sequence: z.number().int(),
    resource: z.enum(FEED_RESOURCES),
    fields: change.shape.fields.openapi({
      description:
        "What changed; empty for a record that an import created, a new sale, and what moved to another product",
    }),
    record,
  })
  .openapi("FeedEntry");
export type FeedEntryJson = z.infer<typeof feedEntry>;
export type FeedRecordJson = z.infer<typeof record>;

export const feedPage = z
  .object({
    data: z.array(feedEntry),
    sequence: z
      .number()
      .int()
      .openapi({ description: "The next `after`: of the last entry here, or later in a quiet store" }),
    head: z.number().int().openapi({ description: "The newest number of the store's log; 0: it has none yet" }),
    has_more: z.boolean(),
  })
  .openapi("FeedPage");

export const feedQuery = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: "The last number that you have; absent: from the beginning of the log" }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
