import { Hono } from "hono";
import { type Answering, ageOf, answerRows } from "../http/answer.ts";
import type { SimEnv } from "../http/gate.ts";
import { type LocalClock, parseUtc } from "../time.ts";
import type { World } from "../world/world.ts";
import { posPackage, posProduct, posRoom, posWhoami } from "./render.ts";
import { posSale } from "./render-sale.ts";
import { askForSales, type SalesAsk } from "./sales-ask.ts";

export interface RouteParts extends Answering {
  world: World;
  clock: LocalClock;
}

/** The endpoints of the real API that ReUp reads. */
export function posRoutes(parts: RouteParts): Hono<SimEnv> {
  const { world, config, clock } = parts;
  const app = new Hono<SimEnv>();

  app.get("/okcomputer", (c) => c.json({ result: true, message: null, data: null }));

  app.get("/whoami", (c) => {
    if (config.locationId === null) return c.json({ message: "No location for this key" }, 404);
    const id = config.locationId + (c.get("wrongLocation") ? 1 : 0);
    return answerRows(c, parts, {
      items: [id],
      render: () => posWhoami(id, config.locationName, config.whoamiCase === "pascal"),
      before: "",
      after: "",
    });
  });

  app.get("/room/rooms", (c) => {
    const { roomId, roomName } = lowerCased(c.req.query(), { roomid: "roomId", roomname: "roomName" });
    const rooms = world.rooms.filter(
      (room) =>
        (roomId === undefined || String(room.id) === roomId) &&
        (roomName === undefined || room.name.trim() === roomName),
    );
    return answerRows(c, parts, { items: rooms, render: posRoom });
  });

  app.get("/reporting/products", (c) => {
    const { from } = lowerCased(c.req.query(), { fromlastmodifieddateutc: "from" });
    const since = from === undefined ? null : parseUtc(from);
    if (from !== undefined && since === null) return c.json({ message: "fromLastModifiedDateUTC is not a date" }, 400);
    const products = world.view(ageOf(c)).products;
    const items =
      since === null ? products : products.filter((each) => each.modified !== null && each.modified >= since);
    return answerRows(c, parts, { items, render: posProduct });
  });

  app.get("/reporting/inventory", (c) => {
    const query = lowerCased(c.req.query(), {
      includelabresults: "labs",
      includeroomquantities: "rooms",
      includeallocated: "allocated",
    });
    const ask = {
      labResults: query.labs?.toLowerCase() === "true",
      roomQuantities: query.rooms?.toLowerCase() === "true",
      allocated: query.allocated?.toLowerCase() === "true",
    };
    const view = world.view(ageOf(c));
    return answerRows(c, parts, {
      items: view.packages,
      render: (item) => posPackage(item, view.productOf(item.productId), world.rooms, { ask }),
    });
  });

  app.get("/reporting/transactions", (c) => {
    const ask = askForSales(c.req.query());
    if ("errors" in ask) {
      return c.json({ isValid: false, errors: ask.errors, ruleSetsExecuted: ["default"] }, 400);
    }
    const items = world.view(ageOf(c)).sales.filter((sale) => wanted(sale, ask));
    return answerRows(c, parts, { items, render: (sale) => posSale(sale, clock, ask.detail) });
  });

  return app;
}

function wanted(sale: { id: number; at: number; modified: number }, { by }: SalesAsk): boolean {
  if (by.kind === "id") return sale.id === by.id;
  const at = by.kind === "modified" ? sale.modified : sale.at;
  return at >= by.from && at <= by.to;
}

/** .NET reads query names in any casing. */
function lowerCased<K extends string>(
  query: Record<string, string>,
  names: Record<string, K>,
): Partial<Record<K, string>> {
  const out: Partial<Record<K, string>> = {};
  for (const [key, value] of Object.entries(query)) {
    const name = names[key.toLowerCase()];
    if (name !== undefined) out[name] = value;
  }
  return out;
}
