import useSWR, { useSWRConfig } from "swr";
import { type Location, ok, type SettingsPatch } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { useChange } from "../use-change.ts";
import { ofTheFleet } from "./fleet.ts";

const locations = client.v1.locations;
const LOCATIONS = ["locations"];
const one = (location_id: string) => ["location", location_id];

export interface DutchieForm {
  endpoint: string;
  api_key: string;
  integrator_key?: string;
  location_id?: string;
  profile?: "auto" | "pos" | "guide";
}

/** Every store of the retailer. */
export function useLocations() {
  return useSWR(LOCATIONS, async () => {
    const all: Location[] = [];
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: 500, ...(cursor === null ? {} : { cursor }) };
      const page: { data: Location[]; next_cursor?: string | null } = await ok(locations.$get({ query }));
      all.push(...page.data);
      // As in `allPages`: it would begin anew for ever.
      cursor = page.next_cursor ?? null;
    } while (cursor !== null);
    return all;
  });
}

export function useLocation(location_id: string) {
  return useSWR(one(location_id), () => ok(locations[":location_id"].$get({ param: { location_id } })));
}

export function useTestConnection() {
  return useChange("test-connection", (dutchie: DutchieForm) =>
    ok(client.v1.connections.test.$post({ json: { dutchie } })),
  );
}

export function useTestStored(location_id: string) {
  return useChange(`test ${location_id}`, () => ok(locations[":location_id"].test.$post({ param: { location_id } })));
}

/** A new store, or one that was disconnected: it keeps its name, its time zone and its records. */
type ConnectedStore = { dutchie: DutchieForm } & (
  | { name: string; time_zone: string }
  | { reconnect_location_id: string }
);

const connect = (store: ConnectedStore) => ok(locations.$post({ json: store }));

/** `done` gets the webhook's secret, which is shown only once. */
export function useConnect(done: (answer: Awaited<ReturnType<typeof connect>>) => void) {
  const { mutate } = useSWRConfig();
  return useChange("connect", connect, async (answer) => {
    done(answer);
    await Promise.all([mutate(LOCATIONS), mutate(ofTheFleet)]);
  });
}

export interface LocationPatch {
  name?: string;
  time_zone?: string;
  dutchie?: Omit<Partial<DutchieForm>, "integrator_key"> & { integrator_key?: string | null };
  settings?: SettingsPatch;
}

export function useChangeLocation(location_id: string, done: () => void = () => undefined) {
  const { mutate } = useSWRConfig();
  return useChange(
    `change ${location_id}`,
    (json: LocationPatch) => ok(locations[":location_id"].$patch({ param: { location_id }, json })),
    async (location) => {
      await mutate(one(location_id), location, { revalidate: false });
      await mutate(LOCATIONS);
      done();
    },
  );
}

/** `leaked`: the old secrets end at once. */
export function useRotateSecret(location_id: string, done: (secret: string, leaked: boolean) => void) {
  const { mutate } = useSWRConfig();
  return useChange(
    `rotate ${location_id}`,
    (leaked: boolean) =>
      ok(locations[":location_id"].webhook.rotate.$post({ param: { location_id }, json: leaked ? { leaked } : {} })),
    async ({ secret }, leaked) => {
      done(secret, leaked);
      await mutate(one(location_id));
    },
  );
}

export function useDisconnect(location_id: string, done: () => void) {
  const { mutate } = useSWRConfig();
  return useChange(
    `disconnect ${location_id}`,
    (purge: boolean) =>
      ok(locations[":location_id"].$delete({ param: { location_id }, query: { purge: purge ? "true" : "false" } })),
    async () => {
      await Promise.all([mutate(LOCATIONS), mutate(ofTheFleet)]);
      done();
    },
  );
}
