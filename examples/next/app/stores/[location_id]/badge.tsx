"use client";

import { useSyncStatus } from "reup-dutchie/react";

export function Badge({ location_id }: { location_id: string }) {
  const { status, live } = useSyncStatus(location_id);
  return <small title={live ? "Live" : "Asked for every 15 s"}>{status?.health ?? "…"}</small>;
}
