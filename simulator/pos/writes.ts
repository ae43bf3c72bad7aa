import { type Context, Hono } from "hono";
import { z } from "zod";
import { answerRows } from "../http/answer.ts";
import type { SimEnv } from "../http/gate.ts";
import { bodyOf, refusal, seenNow, writeProduct } from "../http/writing.ts";
import type { Row } from "../row.ts";
import type { Simulation } from "../simulator.ts";
import type { Product } from "../world/records.ts";
import { posProduct } from "./render.ts";
import { type Upload, uploaded, uploadSchema } from "./upload.ts";

const amount = z.number().nullish();
const overrides = z.array(z.object({ productId: z.int(), price: amount, recPrice: amount, cost: amount }));

interface Override {
  price: number | null;
  recPrice: number | null;
  cost: number | null;
}
const NO_OVERRIDE: Override = { price: null, recPrice: null, cost: null };

/** A product that could not be saved, in a list with others that could. */
interface SaveError {
  productId: number | null;
  sku: string | null;
  productName: string | null;
  errorMessage: string;
}

/** The writes of the real API. Each comes back as a webhook, like any other edit: ReUp must recognise the echo. */
export function posWriteRoutes(simulation: Simulation): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  const { world } = simulation;
  const set = new Map<number, Override>();

  app.get("/products/location-overrides", (c) =>
    c.json([...set].map(([productId, override]) => ({ productId, ...override }))),
  );

  app.post("/products/location-overrides", async (c) => {
    const asked = overrides.safeParse(await bodyOf(c));
    if (!asked.success) return c.json(refusal("Validation failed", asked.error), 400);
    const unknown = asked.data.find(({ productId }) => world.products.get(productId) === undefined);
    if (unknown !== undefined) return c.json(refusal(`Product ${unknown.productId} not found`), 400);
    for (const { productId, ...row } of asked.data) {
      // Sparse: a field that is left out stays. null removes the override, and the product keeps its last value.
      const given = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
      set.set(productId, { ...(set.get(productId) ?? NO_OVERRIDE), ...given });
      writeProduct(c, simulation, productId, () => ({
        ...(typeof row.price === "number" ? { price: row.price } : {}),
        ...(typeof row.recPrice === "number" ? { recPrice: row.recPrice } : {}),
        ...(typeof row.cost === "number" ? { unitCost: row.cost } : {}),
      }));
    }
    return c.body(null, 200);
  });

  app.post("/products/product", async (c) => {
    const asked = uploadSchema.safeParse(await bodyOf(c));
    if (!asked.success) return c.json(refusal("Validation failed", asked.error), 400);
    const saved = save(c, asked.data);
    if ("errorMessage" in saved) return c.json(refusal(saved.errorMessage), 400);
    return answerRows(c, simulation, {
      items: [seenNow(c, world, saved)],
      render: posProduct,
      before: "",
      after: "",
    });
  });

  app.post("/products/products", async (c) => {
    const rows = z.array(z.unknown()).safeParse(await bodyOf(c));
    if (!rows.success) return c.json(refusal("Validation failed", rows.error), 400);
    const results = rows.data.map((row) => {
      const asked = uploadSchema.safeParse(row);
      return asked.success ? save(c, asked.data) : failed(row, z.prettifyError(asked.error));
    });
    const render = (result: Product | SaveError): Row =>
      "errorMessage" in result ? { ...result } : posProduct(seenNow(c, world, result));
    return answerRows(c, simulation, { items: results, render });
  });

  function save(c: Context<SimEnv>, row: Upload): Product | SaveError {
    if (typeof row.productId !== "number") return failed(row, "The simulator creates no products here");
    const saved = writeProduct(c, simulation, row.productId, (before) => uploaded(before, row));
    return saved ?? failed(row, "Product not found");
  }

  return app;
}

function failed(row: unknown, errorMessage: string): SaveError {
  const { productId = null, sku = null, productName = null } = (row ?? {}) as Partial<SaveError>;
  return { productId, sku, productName, errorMessage };
}
