import { useRef } from "react";
import useSWR, { useSWRConfig } from "swr";
import { type NewProduct, ok, type Product, type ProductPatch, ReupError } from "../../../src/client/index.ts";
import { type Asked, askedAgain } from "../asked-again.ts";
import { client } from "../client.ts";
import { saveFile } from "../save-file.ts";
import { keepPage } from "../swr-options.ts";
import { texts } from "../texts.ts";
import { useChange } from "../use-change.ts";

const store = client.v1.locations[":location_id"];

/** Rows of a page. */
export const PAGE_ROWS = 50;
/** ms; a list that is looked at moves with the store. */
const EVERY_MS = 15_000;
/** ms; an edit on its way to Dutchie ends within seconds. */
const PENDING_EVERY_MS = 2_000;

export type RecordKind = "products" | "inventory" | "sales";

interface Page<T> {
  data: T[];
  pagination: { page: number; limit: number; total: number };
}

/** Filters as the API takes them; empty ones are left out. */
export type Filters = Readonly<Record<string, string>>;

const given = (filters: Filters): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== ""));

/** Which filters a list knows, its own page knows. */
const LISTS = {
  products: (asked: { param: { location_id: string }; query: object }) => ok(store.products.$get(asked)),
  inventory: (asked: { param: { location_id: string }; query: object }) => ok(store.inventory.$get(asked)),
  sales: (asked: { param: { location_id: string }; query: object }) => ok(store.sales.$get(asked)),
};

export interface Shown {
  page: number;
  /** A column, with `-` from its greatest value; empty: the list's own order. */
  sort: string;
}

/** One page of a list of records; null: do not ask. The page before stays visible until this one has loaded. */
export function useRecords<T>(location_id: string, kind: RecordKind, filters: Filters | null, { page, sort }: Shown) {
  return useSWR(
    filters === null ? null : ["records", location_id, kind, given(filters), page, sort],
    async () => {
      const query = { ...given(filters ?? {}), limit: PAGE_ROWS, page, ...(sort === "" ? {} : { sort }) };
      const answer: unknown = await LISTS[kind]({ param: { location_id }, query });
      return answer as Page<T>;
    },
    { ...keepPage, refreshInterval: EVERY_MS },
  );
}

export function useProduct(location_id: string, product_id: string) {
  return useSWR(
    ["records", location_id, "product", product_id],
    () => ok(store.products[":product_id"].$get({ param: { location_id, product_id } })),
    {
      refreshInterval: (product) => (product !== undefined && product.pending.length > 0 ? PENDING_EVERY_MS : EVERY_MS),
    },
  );
}

/** The newest changes of a product and its packages. */
export function useProductChanges(location_id: string, product_id: string) {
  return useSWR(["records", location_id, "changes", product_id], () =>
    ok(store.products[":product_id"].changes.$get({ param: { location_id, product_id }, query: { limit: 100 } })),
  );
}

export function useSale(location_id: string, sale_id: string | null) {
  return useSWR(sale_id === null ? null : ["records", location_id, "sale", sale_id], () =>
    ok(store.sales[":sale_id"].$get({ param: { location_id, sale_id: sale_id ?? "" } })),
  );
}

/** ReUp's categories that the store's products have, with how many. */
export function useCategories(location_id: string) {
  return useSWR(
    ["records", location_id, "categories"],
    async () => (await ok(store.categories.$get({ param: { location_id } }))).data,
    // They change with the catalogue: seldom.
    { dedupingInterval: 60_000 },
  );
}

const CHANGED_BY_AN_EDIT = new Set(["records", "ledger", "pushes", "changes", "reviews"]);

/** Asks again for all that a change of a product may have changed. */
export function useRefreshRecords(location_id: string): () => Promise<unknown> {
  const { mutate } = useSWRConfig();
  return () => mutate((key) => Array.isArray(key) && CHANGED_BY_AN_EDIT.has(String(key[0])) && key[1] === location_id);
}

export function useEditProduct(location_id: string, product_id: string, done: (isPushed: boolean) => void) {
  const refresh = useRefreshRecords(location_id);
  return useChange(
    `edit ${product_id}`,
    (json: ProductPatch) => ok(store.products[":product_id"].$patch({ param: { location_id, product_id }, json })),
    async ({ pending }) => {
      await refresh();
      done(pending.length > 0);
    },
  );
}

/** What a list of suggestions shows at most. */
const SUGGESTED = 8;

/** Products of ReUp's own that Dutchie does not have and that fit what somebody types. */
export function useOwnProducts(location_id: string, typed: string) {
  const q = typed.trim();
  const query = { own: "true", limit: SUGGESTED, ...(q === "" ? {} : { q }) } as const;
  return useSWR(
    ["records", location_id, "own", q],
    async () => {
      const answer: unknown = await ok(store.products.$get({ param: { location_id }, query }));
      return (answer as { data: Product[] }).data;
    },
    keepPage,
  );
}

interface Link {
  product_id: string;
  /** null: unlink it. */
  dutchie_product_id: string | null;
  reason: string;
}

export function useLinkProduct(location_id: string, done: (product_id: string) => void) {
  const refresh = useRefreshRecords(location_id);
  return useChange(
    `link ${location_id}`,
    ({ product_id, dutchie_product_id, reason }: Link) => {
      const why = reason.trim();
      const json = { dutchie_product_id, ...(why === "" ? {} : { reason: why }) };
      return ok(store.products[":product_id"].link.$put({ param: { location_id, product_id }, json }));
    },
    async ({ product_id }) => {
      // First: what is asked again then is the linked product, not the one that is gone.
      done(product_id);
      await refresh();
    },
  );
}

export function useCreateProduct(location_id: string, done: (product_id: string) => void) {
  const refresh = useRefreshRecords(location_id);
  const asked = useRef<Asked | null>(null);
  return useChange(
    `add-product ${location_id}`,
    (json: NewProduct) => {
      asked.current = askedAgain(asked.current, json);
      const header = { "idempotency-key": asked.current.key };
      return ok(store.products.$post({ param: { location_id }, header, json }));
    },
    async ({ product_id }) => {
      asked.current = null;
      await refresh();
      done(product_id);
    },
  );
}

/** A list as a file. Fetched, not linked to: the token goes in a header, never in an address. */
export function useDownload(location_id: string, kind: RecordKind, filters: Filters) {
  return useChange(`csv ${location_id} ${kind}`, async (name: string) => {
    const path = `/v1/locations/${encodeURIComponent(location_id)}/${kind}?${new URLSearchParams(given(filters))}`;
    const response = await client.request(path, { headers: { accept: "text/csv" } });
    if (!response.headers.get("content-type")?.startsWith("text/csv"))
      throw new ReupError(response.status, "BAD_RESPONSE", texts.common.notReadable);
    const file = await response.blob().catch((cause: unknown) => {
      throw new ReupError(0, "NETWORK", texts.inventory.brokeOff, { cause });
    });
    saveFile(`${name}.csv`, file);
    return name;
  });
}
