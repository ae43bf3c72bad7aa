import { useEffect, useState } from "react";
import useSWR, { useSWRConfig } from "swr";
import { ok, ReupError, type Status } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { endSession } from "../session.ts";

export type Connection = "connecting" | "live" | "broken";

/** What a finished sync may have changed. The first part of a key names what it holds, the second the store. */
const CHANGED_BY_A_SYNC = new Set(["runs", "records", "reviews", "events", "pushes", "ledger", "inbox", "changes"]);

/** What a change of a record shows in. */
const CHANGED_BY_RECORDS = new Set(["records", "ledger", "changes"]);
/** Lists are read again once in so long, ms, however much changes. */
const TOGETHER_MS = 1_000;

/** The store's live status: each message replaces what the pages show. Only the frame around a store's pages calls it. */
export function useLiveStatus(location_id: string): {
  status: Status | undefined;
  connection: Connection;
  error: unknown;
  again: () => unknown;
} {
  const { mutate } = useSWRConfig();
  const [connection, setConnection] = useState<Connection>("connecting");
  const {
    data: status,
    error,
    mutate: again,
  } = useSWR(
    ["status", location_id],
    () => ok(client.v1.locations[":location_id"].status.$get({ param: { location_id }, header: {} })),
    // The stream keeps it fresh. While the stream is broken, polling does.
    { revalidateOnFocus: false, refreshInterval: connection === "broken" ? 5_000 : 0 },
  );

  useEffect(() => {
    const leaving = new AbortController();
    let last_run_id: string | null | undefined;
    const onStatus = (now: Status) => {
      void mutate(["status", location_id], now, { revalidate: false });
      const run_id = now.last_run?.run_id ?? null;
      if (last_run_id !== undefined && last_run_id !== run_id) {
        void mutate(
          (key) =>
            Array.isArray(key) &&
            CHANGED_BY_A_SYNC.has(String(key[0])) &&
            (key[1] === location_id || key[0] === "inbox"),
        );
      }
      last_run_id = run_id;
    };
    // Records change many at a time, and quicker than somebody reads.
    let reading: ReturnType<typeof setTimeout> | undefined;
    const onChanged = () => {
      reading ??= setTimeout(() => {
        reading = undefined;
        void mutate((key) => Array.isArray(key) && CHANGED_BY_RECORDS.has(String(key[0])) && key[1] === location_id);
      }, TOGETHER_MS);
    };
    const onConnection = (problem: unknown) => setConnection(problem === null ? "live" : "broken");
    client
      .subscribeStatus(location_id, onStatus, { signal: leaving.signal, onConnection, onChanged })
      .catch((problem: unknown) => {
        setConnection("broken");
        if (problem instanceof ReupError && problem.status === 401) endSession(`${problem.message} Sign in again.`);
      });
    return () => {
      leaving.abort();
      clearTimeout(reading);
    };
  }, [location_id, mutate]);

  return { status, connection, error, again: () => again() };
}
