"use client";

import Link from "next/link";
import { useFleet } from "reup-dutchie/react";

export function Fleet() {
  const { stores, error } = useFleet();
  if (stores === undefined) return <p>{error?.message ?? "Loading…"}</p>;
  return (
    <ul>
      {stores.map(({ location_id, name, state }) => (
        <li key={location_id}>
          <Link href={`/stores/${location_id}`}>{name}</Link> {state}
        </li>
      ))}
    </ul>
  );
}
