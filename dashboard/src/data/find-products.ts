import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";

/** What a list of suggestions shows at most. */
const SUGGESTED = 8;
/** Shorter text finds half of the catalogue. */
const MIN_CHARACTERS = 2;

/** The products of a store that fit what somebody types. */
export function useFoundProducts(location_id: string | null, typed: string) {
  const q = typed.trim();
  return useSWR(
    location_id === null || q.length < MIN_CHARACTERS ? null : ["records", location_id, "found", q],
    async ([, id]) => {
      const answer: unknown = await ok(
        client.v1.locations[":location_id"].products.$get({
          param: { location_id: id },
          query: { q, limit: SUGGESTED },
        }),
      );
      return (answer as { data: { product_id: string; product_name: string | null; sku: string | null }[] }).data;
    },
    keepPage,
  );
}
