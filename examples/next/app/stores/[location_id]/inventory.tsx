"use client";

import { useState } from "react";
import { type InventoryQuery, useInventory } from "reup-dutchie/react";

const ROOMS: NonNullable<InventoryQuery["room_type"]>[] = ["sales_floor", "vault", "quarantine", "secret_menu"];

export function Inventory({ location_id }: { location_id: string }) {
  const [room_type, setRoom] = useState<InventoryQuery["room_type"]>();
  const { items = [], error, isLoading } = useInventory(location_id, { room_type, limit: 50 });
  return (
    <>
      <select aria-label="Room" onChange={({ target }) => setRoom(ROOMS.find((room) => room === target.value))}>
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
    </>
  );
}
