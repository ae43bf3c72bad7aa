import type { Context } from "hono";
import { Hono } from "hono";
import { ageOf, answerRows } from "../http/answer.ts";
import type { SimEnv } from "../http/gate.ts";
import type { Config } from "../options.ts";
import type { RouteParts } from "../pos/routes.ts";
import type { Row } from "../row.ts";
import { parseUtc } from "../time.ts";
import { guidePackage, guideProduct, guideRoom, guideSale } from "./render.ts";

/** Whether a request means another of the key's stores. */
export function isOther(c: Context<SimEnv>, config: Config): boolean {
  const location = c.req.query("locationId");
  return location !== undefined && location !== String(config.locationId);
}

/** The same store under the guide's simplified names, as a bare array or in pages. */
export function guideRoutes(parts: RouteParts): Hono<SimEnv> {
  const { world, config } = parts;
  const app = new Hono<SimEnv>();

  /** A page begins after an id, not at an offset, so rows added or removed meanwhile shift nothing. */
  function answer<T extends { id: number }>(c: Context<SimEnv>, all: readonly T[], render: (item: T) => Row | Row[]) {
    const other = isOther(c, config);
    if (other && config.otherLocation === "404") return c.json({ message: "Location not found" }, 404);
    const shown = other ? [] : all;
    if (config.guidePaging === "none") return answerRows(c, parts, { items: shown, render });
    const cursor = Number(c.req.query("cursor") ?? 0);
    const rest = shown.filter((item) => item.id > cursor).sort((a, b) => a.id - b.id);
    const items = rest.slice(0, config.guidePageSize);
    const last = items.at(-1);
    const next = last === undefined || rest.length <= items.length || c.get("empty") ? null : nextOf(c, last.id);
    return answerRows(c, parts, {
      items,
      render,
      before: '{"data":[',
      after: `],"next":${JSON.stringify(next)}}`,
    });
  }

  function nextOf(c: Context<SimEnv>, cursor: number): string {
    if (config.guidePaging === "cursor") return String(cursor);
    const url = new URL(c.req.url);
    url.searchParams.set("cursor", String(cursor));
    return url.href;
  }

  app.get("/products", (c) => {
    const since = time(c, "fromLastModifiedDateUTC", 0);
    const products = world.view(ageOf(c)).products;
    const items = since === 0 ? products : products.filter((each) => each.modified !== null && each.modified >= since);
    return answer(c, items, guideProduct);
  });

  app.get("/inventory", (c) => {
    const view = world.view(ageOf(c));
    return answer(c, view.packages, (item) => guidePackage(item, view.productOf(item.productId), world.rooms));
  });

  app.get("/transactions", (c) => {
    const from = time(c, "fromLastModifiedDateUTC", 0);
    const to = time(c, "toLastModifiedDateUTC", Number.POSITIVE_INFINITY);
    const sales = world.view(ageOf(c)).sales.filter((sale) => sale.modified >= from && sale.modified <= to);
    return answer(c, sales, guideSale);
  });

  app.get("/rooms", (c) => answer(c, world.rooms, guideRoom));

  return app;
}

function time(c: Context<SimEnv>, name: string, otherwise: number): number {
  const text = c.req.query(name);
  return text === undefined ? otherwise : (parseUtc(text) ?? otherwise);
}
