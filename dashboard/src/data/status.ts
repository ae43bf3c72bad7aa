import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ok, ReupError, type Status } from "../../../src/client/index.ts";
import { client } from "../client.ts";
import { endSession } from "../session.ts";

export type Connection = "connecting" | "live" | "broken";

/** The store's live status: each message replaces what the pages show. Only the frame around a store's pages calls it. */
export function useLiveStatus(location_id: string): {
  status: Status | undefined;
  connection: Connection;
  error: Error | null;
} {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>("connecting");
  const query = useQuery({
    queryKey: ["status", location_id],
    queryFn: () => ok(client.v1.locations[":location_id"].status.$get({ param: { location_id }, header: {} })),
    // The stream keeps it fresh. While the stream is broken, polling does.
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: connection === "broken" ? 5_000 : false,
  });

  useEffect(() => {
    const leaving = new AbortController();
    const onStatus = (status: Status) => {
      const before = queries.getQueryData<Status>(["status", location_id]);
      queries.setQueryData(["status", location_id], status);
      if (before !== undefined && before.last_run?.run_id !== status.last_run?.run_id) {
        for (const key of ["runs", "records", "reviews", "events", "pushes"]) {
          void queries.invalidateQueries({ queryKey: [key, location_id] });
        }
      }
    };
    const onConnection = (problem: unknown) => setConnection(problem === null ? "live" : "broken");
    client.subscribeStatus(location_id, onStatus, { signal: leaving.signal, onConnection }).catch((error: unknown) => {
      setConnection("broken");
      if (error instanceof ReupError && error.status === 401) endSession(`${error.message} Sign in again.`);
    });
    return () => leaving.abort();
  }, [location_id, queries]);

  return { status: query.data, connection, error: query.error };
}
