import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";

/** Dutchie's words for rooms and categories, and what ReUp calls them. */
export function useMapping(location_id: string) {
  return useSWR(["records", location_id, "mapping"], () =>
    ok(client.v1.locations[":location_id"].mapping.$get({ param: { location_id } })),
  );
}
