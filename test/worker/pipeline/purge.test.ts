import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { seedStore } from "../api/support.ts";
import { deliver, rows, SYNC } from "../faults/support.ts";

it("a purge is done once: its message is not tried again because the store's Location ended itself", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const { location_id } = (await seedStore({ deleted_at: 1 })).row;
  const other = (await seedStore()).row.location_id;
  for (const id of [location_id, other]) {
    await env.DB.prepare(
      "insert into rooms (location_id, room_key, room_name, room_type, updated_at) values (?, 'r', 'Vault', 'storage', 1)",
    )
      .bind(id)
      .run();
  }
  expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
  expect(await rows("select location_id from rooms")).toEqual([{ location_id: other }]);
  // A message may come twice.
  expect(await deliver(SYNC, [{ kind: "purge", location_id }])).toEqual(["ack"]);
  expect(error).not.toHaveBeenCalled();
});
