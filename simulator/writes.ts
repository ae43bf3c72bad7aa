import { type Context, Hono } from "hono";
import { z } from "zod";
import type { SimEnv } from "./gate.ts";
import type { Label, Product } from "./records.ts";
import { posProduct } from "./render-pos.ts";
import type { Simulation } from "./simulator.ts";

const amount = z.number().nullish();
const overrides = z.array(z.object({ productId: z.int(), price: amount, recPrice: amount, cost: amount }));
const text = z.string().nullish();
const upload = z.object({
  productId: z.int().nullish(),
  sku: z.string(),
  productName: z.string(),
  brandName: text,
  masterCategory: text,
  category: text,
  strain: text,
  strainType: text,
  netWeight: amount,
  netWeightUnit: text,
  isCannabis: z.boolean().optional(),
  isActive: z.boolean().optional(),
  thcContent: amount,
  thcContentUnit: text,
  cbdContent: amount,
  cbdContentUnit: text,
  price: amount,
  unitCost: amount,
  upc: text,
});

type Upload = z.output<typeof upload>;

/** The writes that both-ways sync uses. They come back as webhooks, like any other edit: an echo to be recognised. */
export function writeRoutes(simulation: Simulation): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  const set = new Map<number, { price: number | null; cost: number | null }>();

  app.get("/products/location-overrides", (c) =>
    c.json([...set].map(([productId, { price, cost }]) => ({ productId, price, recPrice: price, cost }))),
  );

  app.post("/products/location-overrides", async (c) => {
    const asked = overrides.safeParse(await bodyOf(c));
    if (!asked.success) return c.json({ message: "Validation failed", propertyErrors: asked.error.issues }, 400);
    for (const row of asked.data) {
      const product = simulation.world.products.get(row.productId);
      if (product === undefined)
        return c.json({ message: `Product ${row.productId} not found`, propertyErrors: null }, 400);
      const before = set.get(product.id) ?? { price: null, cost: null };
      // Sparse: what is left out stays; null takes the override away, and the last price simply holds.
      const price = row.price === undefined ? row.recPrice : row.price;
      set.set(product.id, {
        price: price === undefined ? before.price : price,
        cost: row.cost === undefined ? before.cost : row.cost,
      });
      simulation.setProduct(product.id, {
        ...(typeof price === "number" ? { price } : {}),
        ...(typeof row.cost === "number" ? { unitCost: row.cost } : {}),
      });
    }
    return c.body(null, 200);
  });

  app.post("/products/product", async (c) => {
    const asked = upload.safeParse(await bodyOf(c));
    if (!asked.success) return c.json({ message: "Validation failed", propertyErrors: asked.error.issues }, 400);
    const { world } = simulation;
    const id = asked.data.productId;
    if (typeof id !== "number")
      return c.json({ message: "The simulator creates no products here", propertyErrors: null }, 400);
    if (world.products.get(id) === undefined)
      return c.json({ message: "Product not found", propertyErrors: null }, 400);
    simulation.setProduct(id, whole(asked.data));
    const after = world.products.get(id);
    return after === undefined ? c.json({ message: "Product not found" }, 400) : c.json(posProduct(after));
  });

  return app;
}

/** The whole product: a field that was left out is emptied, which is why nobody should write half a product. */
function whole(row: Upload): Omit<Product, "id" | "created" | "modified"> {
  return {
    sku: row.sku,
    upc: row.upc ?? null,
    name: row.productName,
    brand: row.brandName ?? null,
    masterCategory: row.masterCategory ?? "",
    category: row.category ?? null,
    strain: row.strain ?? null,
    strainType: row.strainType ?? null,
    isCannabis: row.isCannabis ?? false,
    price: row.price ?? null,
    unitCost: row.unitCost ?? null,
    netWeight: row.netWeight ?? null,
    netWeightUnit: row.netWeightUnit ?? null,
    thc: label(row.thcContent, row.thcContentUnit),
    cbd: label(row.cbdContent, row.cbdContentUnit),
    isActive: row.isActive ?? false,
  };
}

function label(value: number | null | undefined, unit: string | null | undefined): Label {
  const known = (["%", "mg", "mg/g", "n.d."] as const).find((each) => each === unit);
  return { value: value ?? null, unit: known ?? null };
}

async function bodyOf(c: Context<SimEnv>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined;
  }
}
