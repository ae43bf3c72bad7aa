"use client";

import Link from "next/link";
import { useFleet } from "reup-dutchie/react";

export function Fleet() {
  const { stores, error } = useFleet({ sort: "health" });
  if (stores === undefined) return <p>{error?.message ?? "Loading…"}</p>;
  return (
    <ul>
      {stores.map(({ location_id, name, health }) => (
        <li key={location_id}>
          <Link href={`/stores/${location_id}`}>{name}</Link> {health}
        </li>
      ))}
    </ul>
  );
}
