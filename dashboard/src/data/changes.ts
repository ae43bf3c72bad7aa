import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { localDay, startOfDay } from "../../../src/client/rules.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";

const { changes } = client.v1.locations[":location_id"];

export const CHANGED_KINDS = ["inventory", "products", "sales", "rooms"] as const;
type ChangedKind = (typeof CHANGED_KINDS)[number];

/** ms; the first page is where new changes come. */
const EVERY_MS = 5_000;
const PAGE = 50;

interface ChangesAsked {
  kind: ChangedKind | null;
  /** Only of the store's day today. */
  isToday: boolean;
  time_zone: string;
  cursor: string | null;
}

export function useChanges(location_id: string, { kind, isToday, time_zone, cursor }: ChangesAsked) {
  return useSWR(
    ["changes", location_id, kind, isToday, cursor],
    () => {
      const query = {
        limit: PAGE,
        ...(kind === null ? {} : { resource: kind }),
        ...(isToday ? { since: startOfToday(time_zone) } : {}),
        ...(cursor === null ? {} : { cursor }),
      };
      return ok(changes.$get({ param: { location_id }, query }));
    },
    { ...keepPage, refreshInterval: cursor === null ? EVERY_MS : 0 },
  );
}

/** As many as one request counts; a store changes more only on a day with an import. */
const COUNTED = 500;

interface Today {
  changes: number;
  products: number;
  /** There are more. */
  isMore: boolean;
}

/** How much has changed since the store's midnight. */
export function useToday(location_id: string, time_zone: string) {
  return useSWR(
    ["changes", location_id, "today"],
    async (): Promise<Today> => {
      const query = { limit: COUNTED, since: startOfToday(time_zone) };
      const { data, next_cursor } = await ok(changes.$get({ param: { location_id }, query }));
      const products = new Set(data.flatMap(({ subject }) => subject?.product_id ?? []));
      return { changes: data.length, products: products.size, isMore: next_cursor !== null };
    },
    { refreshInterval: 6 * EVERY_MS },
  );
}

const startOfToday = (time_zone: string): string =>
  new Date(startOfDay(localDay(Date.now(), time_zone), time_zone)).toISOString();
