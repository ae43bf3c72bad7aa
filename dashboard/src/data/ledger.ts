import useSWR from "swr";
import { client } from "../client.ts";

/** Why a quantity changed, and by how much. */
export interface LedgerEntry {
  at: string;
  package_id: string | null;
  room_type: string | null;
  change: number;
  balance: number;
  reason: string;
  ref: { kind: string; id: string; label: string } | null;
}

interface Answer {
  data: LedgerEntry[];
  next_cursor: string | null;
}

/** ms; a sale shows while one looks. */
const EVERY_MS = 5_000;
const PAGE = "50";

/** How a product's quantity came to be, newest first. */
export function useLedger(location_id: string, product_id: string, cursor: string | null) {
  return useSWR(
    ["ledger", location_id, product_id, cursor],
    async () => {
      const [store, product] = [location_id, product_id].map(encodeURIComponent);
      const query = new URLSearchParams({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      const response = await client.request(`/v1/locations/${store}/products/${product}/ledger?${query}`);
      return (await response.json()) as Answer;
    },
    { refreshInterval: cursor === null ? EVERY_MS : 0 },
  );
}
