"use client";

import { useState } from "react";
import { type InventoryQuery, useInventory } from "reup-dutchie/react";

const ROOMS = ["sales_floor", "vault", "quarantine", "secret_menu"] as const;

export function Inventory({ location_id }: { location_id: string }) {
  const [query, setQuery] = useState<InventoryQuery>({ page: 1, limit: 50 });
  const { items = [], pagination, error, isLoading } = useInventory(location_id, query);
  const { page, limit, total } = pagination ?? { page: 1, limit: 50, total: 0 };
  const pages = Math.max(1, Math.ceil(total / limit));
  const filter = (room?: InventoryQuery["room_type"]) => setQuery({ page: 1, limit, room_type: room });
  const turn = (pageBy: number) => setQuery({ ...query, page: page + pageBy });
  return (
    <>
      <select aria-label="Room" onChange={({ target }) => filter(ROOMS.find((room) => room === target.value))}>
        <option value="">All rooms</option>
        {ROOMS.map((room) => (
          <option key={room}>{room}</option>
        ))}
      </select>
      {error && <p role="alert">{error.message}</p>}
      <table aria-busy={isLoading}>
        <thead>
          <tr>
            <th>Product</th>
            <th>Package</th>
            <th>Room</th>
            <th>Available</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.inventory_id}>
              <td>{item.product_name}</td>
              <td>{item.package_id}</td>
              <td>{item.room_type ?? item.room_name}</td>
              <td>{item.available_quantity}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <button type="button" disabled={page <= 1} onClick={() => turn(-1)}>
        Back
      </button>
      Page {page} of {pages}
      <button type="button" disabled={page >= pages} onClick={() => turn(1)}>
        Next
      </button>
    </>
  );
}
