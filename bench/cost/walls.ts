import { FULL_SHARD_BYTES } from "../../src/domain/bounds.ts";
import { number } from "../support/table.ts";
import { markdown, type StoreCost, storedGb } from "./document.ts";
import { OPERATIONS_A_MESSAGE } from "./usage.ts";

/** What ends, and at how many stores. */
export interface Wall {
  name: string;
  /** What one store takes of it, and what there is. */
  takes: number;
  limit: number;
  unit: string;
  /** What it takes to go on beyond it. */
  needs: string;
}

/** Open hours, and how much busier the busiest hour is than the average one. */
const OPEN_S = 14 * 3_600;
const BUSIEST = 3;
const POLL_S = 900;
const NIGHT_S = 3 * 3_600;
/** One call of D1 takes about so long where the database is, s (Cloudflare: 1 ms a simple query); half of its time is planned for. */
const CALL_S = 0.002;
const BUSY = 0.5;
/** How long Dutchie takes to answer what a poll, and what a night asks, s: it is the longest part of both. */
const POLL_TAKES_S = 5;
const NIGHT_TAKES_S = 60;
/** Messages of a full batch of webhooks, and how long many stores' events take to be applied, s. */
const BATCH = 100;
const BATCH_TAKES_S = 1;

/** What the platform and wrangler.toml give. */
export interface Given {
  /** `max_concurrency` of the queues of webhooks, of polls, and of imports, which have the nights. */
  webhook_consumers: number;
  poll_consumers: number;
  import_consumers: number;
}

/** All walls of a fleet of stores like this one, the nearest first. */
export function walls(cost: StoreCost, given: Given): Wall[] {
  const { units } = cost.measured;
  const sales_a_s = (cost.size.sales_a_day / OPEN_S) * BUSIEST;
  const busy = (calls: "accounts_queries" | "records_queries") =>
    (sales_a_s * (units.sale[calls] + units.confirmed[calls]) + units.poll[calls] / POLL_S) * CALL_S;
  const messages = (sales_a_s * units.sale.queue_operations) / OPERATIONS_A_MESSAGE;
  const { d1 } = storedGb(cost);
  const shards = (5_000 * FULL_SHARD_BYTES) / 1e9;
  const all: Wall[] = [
    {
      name: "space of one database of records",
      takes: d1,
      limit: FULL_SHARD_BYTES / 1e9,
      unit: "GB after a year",
      needs: "`npm run add-shard -- --env production`; new stores go to the emptiest",
    },
    {
      name: "time of one database of records",
      takes: busy("records_queries"),
      limit: BUSY,
      unit: "of each second in the busiest hour",
      needs: "add a shard and move stores",
    },
    {
      name: "consumers of polls",
      takes: POLL_TAKES_S / POLL_S,
      limit: given.poll_consumers,
      unit: "consumers, at 5 s a poll",
      needs: "raise `max_concurrency` in wrangler.toml; the platform ends at 250",
    },
    {
      name: "consumers of nights in one time zone",
      takes: NIGHT_TAKES_S / NIGHT_S,
      limit: given.import_consumers,
      unit: "consumers, at a minute a night, spread over 3 hours",
      needs: "raise `max_concurrency`, or spread nights over more hours",
    },
    {
      name: "stores of one tick",
      takes: 1 / 3,
      limit: 10_000,
      unit: "of the stores that are due, with a tick every 5 minutes",
      needs: "the next tick takes the rest; more pages in a tick (1,000 queries per invocation)",
    },
    {
      name: "polls, at the platform's most consumers",
      takes: POLL_TAKES_S / POLL_S,
      limit: 250,
      unit: "consumers, at 5 s a poll",
      needs: "a second queue of polls, by the location's id",
    },
    {
      name: "messages of the queue of webhooks",
      takes: messages,
      limit: 5_000,
      unit: "a second in the busiest hour",
      needs: "a second queue of webhooks, by the location's id",
    },
    {
      name: "consumers of webhooks",
      takes: (messages / BATCH) * BATCH_TAKES_S,
      limit: given.webhook_consumers,
      unit: "consumers, at a second a full batch",
      needs: "raise `max_concurrency` in wrangler.toml; the platform ends at 250",
    },
    {
      name: "time of the database of accounts",
      takes: busy("accounts_queries"),
      limit: BUSY,
      unit: "of each second in the busiest hour",
      needs: "read replicas for look-ups, then accounts by retailer",
    },
    {
      name: "D1 space of an account",
      takes: d1,
      limit: 1_000,
      unit: "GB after a year",
      needs: "ask Cloudflare for more, or shorten the retention of sales",
    },
    {
      name: "bindings of one Worker",
      takes: d1,
      limit: shards,
      unit: "GB in 5,000 databases",
      needs: "a second Worker with shards of its own",
    },
  ];
  return all.sort((a, b) => storesUntil(a) - storesUntil(b));
}

/** Infinity: a store takes nothing of it. */
export const storesUntil = ({ takes, limit }: Wall): number => (takes === 0 ? Number.POSITIVE_INFINITY : limit / takes);

/** The generated part of docs/scale.md. */
export function wallTable(cost: StoreCost, given: Given): string {
  const rows = walls(cost, given).map((wall) => [
    storesUntil(wall) === Number.POSITIVE_INFINITY ? "none" : round(storesUntil(wall)),
    wall.name,
    `${number(wall.takes)} of ${number(wall.limit)} ${wall.unit}`,
    wall.needs,
  ]);
  return markdown([["stores", "what ends", "one store takes", "then"], ...rows]);
}

/** Two digits: the arithmetic is no better. */
const round = (stores: number) => Number(stores.toPrecision(2)).toLocaleString("en-US");
