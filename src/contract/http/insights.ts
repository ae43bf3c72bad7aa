import { MAX_RANKED } from "../../domain/bounds.ts";
import { time, z } from "./common.ts";

/** Every figure is defined in its description: what it counts is part of the API contract. */
const figure = (description: string) => z.number().openapi({ description });
const figureOrNull = (description: string) => z.number().nullable().openapi({ description });

const localDay = z.iso.date("must be a date, such as 2026-11-01").openapi({ example: "2026-11-01" });

export const insightsQuery = z.object({
  from: localDay.optional().openapi({
    description: "First local day of the store, in; 29 days before `to` when left out. At most 92 days in all",
  }),
  to: localDay.optional().openapi({
    description: "Last local day of the store, in; yesterday when left out, for today is not over",
  }),
});

export const salesInsightsQuery = insightsQuery.extend({
  limit: z.coerce.number().int().min(1).max(MAX_RANKED).default(10).openapi({
    description: "Products in each of the two rankings",
  }),
});

/** What a computed answer begins with; the rest is of the database. */
const head = {
  from: localDay,
  to: localDay,
  time_zone: z.string(),
  computed_at: time.openapi({
    description: "When it was computed: once per local day and parameters, and again after a full sync",
  }),
};

const sold = {
  units: figure("Units (grams for weighed goods) of sold lines that were not returned"),
  revenue: figure("What those lines cost after discounts, before tax"),
};

const product = z.object({
  product_id: z.string(),
  product_name: z.string(),
  sku: z.string().nullable(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  ...sold,
  on_hand: figure("Stock in all rooms when it was computed; of merged products together"),
  sell_through: figureOrNull("Units sold ÷ (units sold + on hand); null when both are 0"),
  days_of_stock: figureOrNull("On hand ÷ average units a day of the window; null when nothing was sold"),
});

export const salesInsights = z
  .object({
    ...head,
    totals: z.object({
      sales: figure("Retail sales that are neither void nor a return"),
      ...sold,
      products_sold: figure("Products of which any unit was sold; merged ones are one"),
      on_hand: figure("Stock of all products in all rooms when it was computed"),
      sell_through: figureOrNull("Units sold ÷ (units sold + on hand), of all products together"),
    }),
    days: z
      .array(z.object({ day: localDay, sales: figure("Sales, as in the totals"), ...sold }))
      .openapi({ description: "Every local day of the window, also those without a sale" }),
    top: z
      .array(product.extend({ days: z.array(z.object({ day: localDay, ...sold })) }))
      .openapi({ description: "Products by revenue, the greatest first, with the local days on which they sold" }),
    slow: z
      .array(product)
      .openapi({ description: "Products in stock by sell-through, the least first, then by most on hand" }),
  })
  .openapi("SalesInsights");
export type SalesInsightsJson = z.infer<typeof salesInsights>;
export type SalesFigures = Omit<SalesInsightsJson, keyof typeof head>;

const distribution = (description: string) =>
  z
    .object({
      count: figure("How many values there are"),
      median: figureOrNull("The value that half of them do not exceed"),
      p90: figureOrNull("The value that nine in ten do not exceed"),
      buckets: z.array(z.object({ from: z.number(), to: z.number().nullable(), count: z.number() })).openapi({
        description: "How many lie from `from` to below `to`; null: and above",
      }),
    })
    .openapi({ description });

const popular = (what: string) =>
  z
    .array(
      z.object({
        name: z
          .string()
          .nullable()
          .openapi({ description: `null: products without a ${what}` }),
        customers: figure("Known customers who bought of it"),
        ...sold,
      }),
    )
    .openapi({
      description:
        "The ten with the most revenue from known customers; spellings that differ in case or blanks, and categories that " +
        "differ in number, count as one",
    });

export const customerInsights = z
  .object({
    ...head,
    known_since: time.nullable().openapi({
      description: "The first visit of a known customer that ReUp has; whoever came before counts as new after it",
    }),
    customers: z.object({
      total: figure("Known customers with a visit in the window"),
      new: figure("Those whose first visit that ReUp knows lies in the window"),
      returning: figure("Those with a visit before the window, too"),
    }),
    visits: z.object({
      known: figure("Visits of known customers; a visit is a retail sale that is neither void nor a return"),
      anonymous: figure("Visits without a customer"),
      per_customer: distribution("Visits of each known customer in the window"),
    }),
    spend: z.object({
      total: figure("What known customers paid after discounts, before tax, without returned lines"),
      per_customer: distribution("What each of them paid so"),
    }),
    basket: z.object({
      items: distribution("Units of a visit, anonymous ones too, without returned lines; fully returned ones left out"),
      money: distribution("What the same visits cost after discounts, before tax"),
    }),
    repeat_interval_days: distribution(
      "Days of 24 hours from a customer's visit, also from before the window, to their next one in the window",
    ),
    categories: popular("category"),
    brands: popular("brand"),
    cohorts: z
      .array(
        z.object({
          month: z.string().openapi({ example: "2026-11" }),
          customers: figure("Known customers whose first visit that ReUp knows lies in this local month"),
          active: z.array(z.number()).openapi({
            description:
              "How many of them came in that month, in the one after it, and so on; the first is all of them",
          }),
        }),
      )
      .openapi({ description: "The twelve local months up to `to`, whatever `from` is" }),
  })
  .openapi("CustomerInsights");
export type CustomerInsightsJson = z.infer<typeof customerInsights>;
/** `known_since` in ms. */
export type CustomerFigures = Omit<CustomerInsightsJson, keyof typeof head | "known_since"> & {
  known_since: number | null;
};
