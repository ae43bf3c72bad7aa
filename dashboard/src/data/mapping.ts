import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";

/** Words of a page: each is a field with all its choices. */
export const WORDS_A_PAGE = 100;

/** One page of Dutchie's words for rooms and categories, and what ReUp calls them: all, or only those that it does not know. */
export function useMapping(location_id: string, { page, isAll }: { page: number; isAll: boolean }) {
  const query = { page, limit: WORDS_A_PAGE, ...(isAll ? {} : { mapped: "false" as const }) };
  return useSWR(
    ["records", location_id, "mapping", query],
    () => ok(client.v1.locations[":location_id"].mapping.$get({ param: { location_id }, query })),
    keepPage,
  );
}
