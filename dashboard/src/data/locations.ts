import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Location, ok, type SettingsPatch } from "../../../src/client/index.ts";
import { client } from "../client.ts";

const locations = client.v1.locations;

export interface DutchieForm {
  endpoint: string;
  api_key: string;
  integrator_key?: string;
  location_id?: string;
  profile?: "auto" | "pos" | "guide";
}

export function useLocations() {
  return useQuery({
    queryKey: ["locations"],
    queryFn: async () => {
      const all: Location[] = [];
      let cursor: string | null = null;
      do {
        const query: { limit: number; cursor?: string } = { limit: 500, ...(cursor === null ? {} : { cursor }) };
        const page: { data: Location[]; next_cursor: string | null } = await ok(locations.$get({ query }));
        all.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null);
      return all;
    },
  });
}

export function useSummaries() {
  return useQuery({
    queryKey: ["summaries"],
    queryFn: () => ok(client.v1.status.$get({ query: {} })),
    select: ({ data }) => data,
    refetchInterval: 10_000,
  });
}

export function useLocation(location_id: string) {
  return useQuery({
    queryKey: ["location", location_id],
    queryFn: () => ok(locations[":location_id"].$get({ param: { location_id } })),
  });
}

export function useTestConnection() {
  return useMutation({
    mutationFn: (dutchie: DutchieForm) => ok(client.v1.connections.test.$post({ json: { dutchie } })),
  });
}

export function useTestStored(location_id: string) {
  return useMutation({
    mutationFn: () => ok(locations[":location_id"].test.$post({ param: { location_id } })),
  });
}

export function useConnect() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (store: { name: string; time_zone: string; dutchie: DutchieForm }) =>
      ok(locations.$post({ json: store })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["locations"] }),
  });
}

export interface LocationPatch {
  name?: string;
  time_zone?: string;
  dutchie?: Omit<Partial<DutchieForm>, "integrator_key"> & { integrator_key?: string | null };
  settings?: SettingsPatch;
}

export function useChangeLocation(location_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (json: LocationPatch) => ok(locations[":location_id"].$patch({ param: { location_id }, json })),
    onSuccess: (location) => {
      queries.setQueryData(["location", location_id], location);
      return queries.invalidateQueries({ queryKey: ["locations"] });
    },
  });
}

export function useRotateSecret(location_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => ok(locations[":location_id"].webhook.rotate.$post({ param: { location_id }, json: {} })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["location", location_id] }),
  });
}

export function useDisconnect(location_id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (purge: boolean) =>
      ok(locations[":location_id"].$delete({ param: { location_id }, query: { purge: purge ? "true" : "false" } })),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["locations"] }),
        queries.invalidateQueries({ queryKey: ["summaries"] }),
      ]),
  });
}
