import { MAX_RANKED } from "../../domain/bounds.ts";
import { time, z } from "./common.ts";

/** The description of a figure says what it counts; that is part of the API contract. */
const figure = (description: string) => z.number().openapi({ description });
const figureOrNull = (description: string) => z.number().nullable().openapi({ description });

const localDay = z.iso.date("must be a date, such as 2026-11-01").openapi({ example: "2026-11-01" });

export const insightsQuery = z.object({
  from: localDay.optional().openapi({
    description:
      "First day, included, in the store's time zone. Default: 29 days before `to`. The period is at most 92 days long",
  }),
  to: localDay.optional().openapi({
    description: "Last day, included, in the store's time zone. Default: yesterday, because today is not over",
  }),
});

export const salesInsightsQuery = insightsQuery.extend({
  limit: z.coerce.number().int().min(1).max(MAX_RANKED).default(10).openapi({
    description: "How many products each of the two rankings has",
  }),
});

/** The first fields of an answer. The others are computed in the database. */
const head = {
  from: localDay,
  to: localDay,
  time_zone: z.string(),
  computed_at: time.openapi({
    description: "When the figures were computed: once per day for the same parameters, and again after a full sync",
  }),
};

const sold = {
  units: figure("Units (grams for weighed goods) that were sold and not returned"),
  revenue: figure("What they cost after discounts, before tax"),
};

const product = z.object({
  product_id: z.string(),
  product_name: z.string(),
  sku: z.string().nullable(),
  brand: z.string().nullable(),
  category: z.string().nullable(),
  ...sold,
  on_hand: figure("Stock in all rooms at the time of computing; merged products count together"),
  sell_through: figureOrNull("Units sold ÷ (units sold + on hand); null if both are 0"),
  days_of_stock: figureOrNull("On hand ÷ average units per day of the period; null if nothing was sold"),
});

export const salesInsights = z
  .object({
    ...head,
    totals: z.object({
      sales: figure("Retail sales, without void ones and returns"),
      ...sold,
      products_sold: figure("Products that were sold; merged products count as one"),
      on_hand: figure("Stock of all products in all rooms at the time of computing"),
      sell_through: figureOrNull("Units sold ÷ (units sold + on hand), for all products together"),
    }),
    days: z
      .array(z.object({ day: localDay, sales: figure("Sales, as in the totals"), ...sold }))
      .openapi({ description: "Every day of the period, also days without a sale" }),
    top: z
      .array(product.extend({ days: z.array(z.object({ day: localDay, ...sold })) }))
      .openapi({ description: "Products by revenue, highest first, with the days on which they sold" }),
    slow: z.array(product).openapi({
      description: "Products in stock by sell-through, lowest first; at equal sell-through by stock, highest first",
    }),
  })
  .openapi("SalesInsights");
type SalesInsightsJson = z.infer<typeof salesInsights>;
export type SalesFigures = Omit<SalesInsightsJson, keyof typeof head>;

const distribution = (description: string) =>
  z
    .object({
      count: figure("How many values there are"),
      median: figureOrNull("Half of the values are not above it"),
      p90: figureOrNull("Nine in ten values are not above it"),
      buckets: z.array(z.object({ from: z.number(), to: z.number().nullable(), count: z.number() })).openapi({
        description: "How many values are at least `from` and below `to`; `to` null: no upper limit",
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
        customers: figure("Known customers who bought products of it"),
        ...sold,
      }),
    )
    .openapi({
      description:
        "The ten with the most revenue from known customers. Spellings that differ only in case or blanks count as one, and " +
        "so do a category's singular and plural",
    });

export const customerInsights = z
  .object({
    ...head,
    known_since: time.nullable().openapi({
      description: "The first visit of a known customer in ReUp. A customer who came before that counts as new later",
    }),
    customers: z.object({
      total: figure("Known customers with a visit in the period"),
      new: figure("Those whose first known visit is in the period"),
      returning: figure("Those with a visit before the period, too"),
    }),
    visits: z.object({
      known: figure("Visits of known customers. A visit is a retail sale that is not void and no return"),
      anonymous: figure("Visits without a customer"),
      per_customer: distribution("Visits of each known customer in the period"),
    }),
    spend: z.object({
      total: figure("What known customers paid, after discounts, before tax, without what they returned"),
      per_customer: distribution("The same per customer"),
    }),
    basket: z.object({
      items: distribution(
        "Units per visit, anonymous visits included, without what was returned; visits returned in full are left out",
      ),
      money: distribution("What these visits cost, after discounts, before tax"),
    }),
    repeat_interval_days: distribution(
      "Days (of 24 hours) between a customer's visit in the period and their visit before it, in the period or earlier",
    ),
    categories: popular("category"),
    brands: popular("brand"),
    cohorts: z
      .array(
        z.object({
          month: z.string().openapi({ example: "2026-11" }),
          customers: figure("Known customers whose first known visit was in this month"),
          active: z.array(z.number()).openapi({
            description:
              "How many of them came in that month, in the next month, and so on; the first number is all of them",
          }),
        }),
      )
      .openapi({ description: "The twelve months up to `to`, whatever `from` is" }),
  })
  .openapi("CustomerInsights");
type CustomerInsightsJson = z.infer<typeof customerInsights>;
/** `known_since` in ms. */
export type CustomerFigures = Omit<CustomerInsightsJson, keyof typeof head | "known_since"> & {
  known_since: number | null;
};
