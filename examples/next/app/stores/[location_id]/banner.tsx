"use client";

import { useSyncStatus } from "reup-dutchie/react";

/** What a person has to know about the store. */
export function Banner({ location_id }: { location_id: string }) {
  const { status, error } = useSyncStatus(location_id);
  const problem = error ?? status?.problem;
  return problem ? <p role="alert">{problem.message}</p> : null;
}
