import useSWR from "swr";
import { type Change, ok } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const store = client.v1.locations[":location_id"];

/** ms; a sale shows while one looks. */
const EVERY_MS = 5_000;
/** Changes of a product and its packages; nobody reads further back in one go. */
const CHANGES = 200;
/** Sales of that time; as many as one request gives. */
const SALES = 500;
/** ms; a sale shows in the stock with the next poll at the latest. */
const AROUND_MS = 30 * 60_000;

/** What a product's ledger is made of. */
export function useLedger(location_id: string, product_id: string) {
  return useSWR(
    ["ledger", location_id, product_id],
    async () => {
      const { data: changes } = await ok(
        store.products[":product_id"].changes.$get({ param: { location_id, product_id }, query: { limit: CHANGES } }),
      );
      const span = spanOf(changes);
      const sales =
        span === null
          ? []
          : (await ok(store.sales.$get({ param: { location_id }, query: { ...span, limit: SALES } }))).data;
      return { changes, sales };
    },
    { refreshInterval: EVERY_MS, keepPreviousData: false },
  );
}

/** The time in which stock was taken. */
function spanOf(changes: readonly Change[]): { from: string; to: string } | null {
  const times = changes.filter(isTaken).map(({ at }) => Date.parse(at));
  if (times.length === 0) return null;
  const iso = (at: number) => new Date(at).toISOString();
  return { from: iso(Math.min(...times) - AROUND_MS), to: iso(Math.max(...times) + AROUND_MS) };
}

function isTaken({ resource, fields: { quantity } }: Change): boolean {
  return (
    resource === "inventory" && quantity !== undefined && Number(quantity.after ?? 0) < Number(quantity.before ?? 0)
  );
}
