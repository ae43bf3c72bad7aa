import useSWR, { useSWRConfig } from "swr";
import { ok, type Run } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { keepPage } from "../swr-options.ts";
import { useChange } from "../use-change.ts";

const syncs = client.v1.locations[":location_id"].syncs;

export type StartRun = { mode: Run["mode"]; heal?: boolean };

export function useStartRun(location_id: string, done: () => void = () => undefined) {
  const { mutate } = useSWRConfig();
  return useChange(
    `start ${location_id}`,
    ({ mode, heal = false }: StartRun) => ok(syncs.$post({ param: { location_id }, json: { mode, heal } })),
    async () => {
      await mutate((key) => Array.isArray(key) && key[0] === "runs" && key[1] === location_id);
      done();
    },
  );
}

export function useCancelRun(location_id: string) {
  return useChange(`cancel ${location_id}`, (run_id: string) =>
    ok(syncs[":run_id"].cancel.$post({ param: { location_id, run_id } })),
  );
}

/** The store's syncs, newest first. */
export function useRuns(location_id: string, cursor: string | null) {
  return useSWR(["runs", location_id, "list", cursor], () => readRuns(location_id, cursor, 20), keepPage);
}

/** How many pages of runs one chart reads at most: 3,000 runs, which is a month with a run every 15 minutes. */
const MAX_PAGES = 6;

/** The runs since then, newest first. */
export function useRunsSince(location_id: string, hours: number) {
  return useSWR(
    ["runs", location_id, "since", hours],
    async () => {
      const since = Date.now() - hours * 3_600_000;
      const runs: Run[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < MAX_PAGES; page++) {
        const read: { data: Run[]; next_cursor: string | null } = await readRuns(location_id, cursor, 500, true);
        runs.push(...read.data.filter((run) => Date.parse(run.started_at) >= since));
        const oldest = read.data.at(-1);
        cursor = read.next_cursor;
        if (cursor === null || oldest === undefined || Date.parse(oldest.started_at) < since) break;
      }
      return runs;
    },
    { dedupingInterval: 60_000 },
  );
}

/** One sync, whole. */
export function useRun(location_id: string, run_id: string) {
  return useSWR(["runs", location_id, "one", run_id], () =>
    ok(syncs[":run_id"].$get({ param: { location_id, run_id } })),
  );
}

/** The sync that compared last, by the time of its report (`accuracy` of the status): most syncs after it have none. */
export function useLastVerification(location_id: string, checked_at: string | null) {
  return useSWR(checked_at === null ? null : ["runs", location_id, "verification", checked_at], async () => {
    const until = new Date(Date.parse(checked_at ?? "") + 1).toISOString();
    const { data } = await ok(syncs.$get({ param: { location_id }, query: { limit: 20, until } }));
    return data.find((run) => run.verification !== null) ?? null;
  });
}

function readRuns(location_id: string, cursor: string | null, limit: number, brief = false) {
  const query = {
    limit,
    ...(brief ? { brief: "true" as const } : {}),
    ...(cursor === null ? {} : { cursor }),
  };
  return ok(syncs.$get({ param: { location_id }, query }));
}
