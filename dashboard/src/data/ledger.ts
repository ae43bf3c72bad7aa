import useSWR from "swr";
import { ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";

const { ledger } = client.v1.locations[":location_id"].products[":product_id"];

/** ms; a sale shows while one looks. */
const EVERY_MS = 5_000;
const PAGE = 50;

/** How a product's quantity came to be, newest first. */
export function useLedger(location_id: string, product_id: string, cursor: string | null) {
  return useSWR(
    ["ledger", location_id, product_id, cursor],
    () => {
      const query = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
      return ok(ledger.$get({ param: { location_id, product_id }, query }));
    },
    { ...keepPage, refreshInterval: cursor === null ? EVERY_MS : 0 },
  );
}
