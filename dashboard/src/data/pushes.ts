import useSWR from "swr";
import { ok, type Push } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";

const { pushes } = client.v1.locations[":location_id"];

/** ms; the first page is where edits move. */
const EVERY_MS = 3_000;

/** ReUp's edits on their way to Dutchie, and those of the last 30 days. The inbox tries them again. */
export function usePushes(location_id: string, state: Push["state"] | null, cursor: string | null) {
  return useSWR(
    ["pushes", location_id, state, cursor],
    () => {
      const query = { limit: 50, ...(state === null ? {} : { state }), ...(cursor === null ? {} : { cursor }) };
      return ok(pushes.$get({ param: { location_id }, query }));
    },
    { ...keepPage, refreshInterval: cursor === null ? EVERY_MS : 0 },
  );
}
