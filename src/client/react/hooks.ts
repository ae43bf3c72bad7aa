import type {
  Api,
  FleetSummary,
  InventoryItem,
  LedgerEntry,
  LocationSummary,
  Pagination,
  ProductDetail,
  Status,
} from "../api.ts";
import type { ReupError } from "../errors.ts";
import { useAnswer } from "./answer.ts";
import { useLive } from "./live.ts";

/** How often is asked where no stream tells. */
export const POLL_MS = 15_000;

/** What each hook gives beside its data. */
export interface Asking {
  /** Why the last request failed. What was known before stays. */
  error: ReupError | undefined;
  /** The first answer is not there yet. */
  isLoading: boolean;
}

/** A store's status. `live`: a stream tells each change at once; without it, the status is asked for every 15 s. */
export function useSyncStatus(location_id: string | null): Asking & { status: Status | undefined; live: boolean } {
  const live = useLive(location_id);
  const { data, error, isLoading } = useAnswer(
    "status",
    location_id === null ? null : { location_id },
    ({ v1 }, param) => v1.locations[":location_id"].status.$get({ param }),
    { refreshInterval: live ? 0 : POLL_MS },
  );
  return { status: data, error, isLoading, live };
}

/** Which stores, in which order. */
export type FleetQuery = NonNullable<NonNullable<Parameters<Api["status"]["$get"]>[0]>["query"]>;

/** All stores at a glance. `summary` counts every store, whatever the query. */
export function useFleet(query: FleetQuery = {}): Asking & {
  stores: LocationSummary[] | undefined;
  summary: FleetSummary | undefined;
  pagination: Pagination | undefined;
} {
  const { data, error, isLoading } = useAnswer("fleet", { query }, ({ v1 }, given) => v1.status.$get(given), {
    refreshInterval: POLL_MS,
    keepPreviousData: true,
  });
  return { stores: data?.data, summary: data?.summary, pagination: data?.pagination, error, isLoading };
}

type InventoryCall = Api["locations"][":location_id"]["inventory"]["$get"];
/** Filters of the inventory, and which part of it. */
export type InventoryQuery = NonNullable<Parameters<InventoryCall>[0]["query"]>;

/** A store's packages, one row per room. With a `page` in the query there is a `pagination`, otherwise a `next_cursor`. */
export function useInventory(
  location_id: string | null,
  query: InventoryQuery = {},
): Asking & {
  items: InventoryItem[] | undefined;
  pagination: Pagination | undefined;
  next_cursor: string | null;
} {
  useLive(location_id);
  const { data, error, isLoading } = useAnswer(
    "inventory",
    location_id === null ? null : { location_id, query },
    ({ v1 }, { query, ...param }) => v1.locations[":location_id"].inventory.$get({ param, query }),
  );
  const { data: items, pagination, next_cursor = null } = data ?? {};
  return { items, pagination, next_cursor, error, isLoading };
}

/** A product with its packages. */
export function useProduct(
  location_id: string | null,
  product_id: string | null,
): Asking & { product: ProductDetail | undefined } {
  useLive(location_id);
  const { data, error, isLoading } = useAnswer(
    "product",
    location_id === null || product_id === null ? null : { location_id, product_id },
    ({ v1 }, param) => v1.locations[":location_id"].products[":product_id"].$get({ param }),
  );
  return { product: data, error, isLoading };
}

type LedgerCall = Api["locations"][":location_id"]["products"][":product_id"]["ledger"]["$get"];
/** Which part of a ledger. */
export type LedgerQuery = NonNullable<Parameters<LedgerCall>[0]["query"]>;

/** How a product's quantity came about, newest first. With a `next_cursor` there is more: give it as `cursor`. */
export function useLedger(
  location_id: string | null,
  product_id: string | null,
  query: LedgerQuery = {},
): Asking & { entries: LedgerEntry[] | undefined; next_cursor: string | null } {
  useLive(location_id);
  const { data, error, isLoading } = useAnswer(
    "ledger",
    location_id === null || product_id === null ? null : { location_id, product_id, query },
    ({ v1 }, { query, ...param }) => v1.locations[":location_id"].products[":product_id"].ledger.$get({ param, query }),
  );
  return { entries: data?.data, next_cursor: data?.next_cursor ?? null, error, isLoading };
}
