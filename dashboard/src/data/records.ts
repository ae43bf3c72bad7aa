import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type NewProduct, ok, type Product, type ProductPatch } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const store = client.v1.locations[":location_id"];
const PAGE = 50;

interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

/** Filters as they go into the address; empty ones are left out. */
export type Filters = Record<string, string>;

function queryOf(filters: Filters, cursor: string | null): Record<string, string> {
  const given = Object.entries(filters).filter(([, value]) => value !== "");
  return { ...Object.fromEntries(given), limit: String(PAGE), ...(cursor === null ? {} : { cursor }) };
}

/** These routes also answer CSV, so their types are wider than the JSON that comes here. */
const LISTS = {
  products: (given: { param: { location_id: string }; query: object }) => ok(store.products.$get(given)),
  inventory: (given: { param: { location_id: string }; query: object }) => ok(store.inventory.$get(given)),
  sales: (given: { param: { location_id: string }; query: object }) => ok(store.sales.$get(given)),
};

/** One page of a list of records. The previous page stays visible until this one has loaded. */
export function useRecords<T>(
  location_id: string,
  kind: "products" | "inventory" | "sales",
  filters: Filters,
  cursor: string | null,
) {
  return useQuery({
    queryKey: ["records", location_id, kind, filters, cursor],
    queryFn: async () => {
      const answer: unknown = await LISTS[kind]({ param: { location_id }, query: queryOf(filters, cursor) });
      return answer as Page<T>;
    },
    placeholderData: keepPreviousData,
  });
}

export function useProduct(location_id: string, product_id: string) {
  return useQuery({
    queryKey: ["records", location_id, "product", product_id],
    queryFn: () => ok(store.products[":product_id"].$get({ param: { location_id, product_id } })),
    // A pending edit ends by itself: ask until it has.
    refetchInterval: ({ state }) => ((state.data?.pending.length ?? 0) > 0 ? 2_000 : false),
  });
}

export function useEditProduct(location_id: string, product_id: string) {
  return useRecordChange(location_id, (json: ProductPatch) =>
    ok(store.products[":product_id"].$patch({ param: { location_id, product_id }, json })),
  );
}

export function useCreateProduct(location_id: string) {
  return useRecordChange(location_id, (json: NewProduct) => ok(store.products.$post({ param: { location_id }, json })));
}

function useRecordChange<Given, Answer>(location_id: string, mutationFn: (given: Given) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () =>
      Promise.all(["records", "pushes"].map((key) => queries.invalidateQueries({ queryKey: [key, location_id] }))),
  });
}

export function useProductChanges(location_id: string, product_id: Product["product_id"]) {
  return useQuery({
    queryKey: ["records", location_id, "changes", product_id],
    queryFn: () =>
      ok(store.products[":product_id"].changes.$get({ param: { location_id, product_id }, query: { limit: 100 } })),
  });
}

export function useMapping(location_id: string) {
  return useQuery({
    queryKey: ["records", location_id, "mapping"],
    queryFn: () => ok(store.mapping.$get({ param: { location_id } })),
  });
}

export function useCategories(location_id: string) {
  return useQuery({
    queryKey: ["records", location_id, "categories"],
    staleTime: 60_000,
    queryFn: () => ok(store.categories.$get({ param: { location_id } })),
    select: ({ data }) => data,
  });
}

/** A list as a file. Fetched, not linked to: the token goes in a header, never in an address. */
export async function downloadCsv(location_id: string, kind: string, filters: Filters): Promise<void> {
  const { limit: _, ...given } = queryOf(filters, null);
  const path = `/v1/locations/${encodeURIComponent(location_id)}/${kind}?${new URLSearchParams(given)}`;
  const response = await client.request(path, { headers: { accept: "text/csv" } });
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `${kind}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
