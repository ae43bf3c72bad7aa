import { Hono } from "hono";
import { z } from "zod";
import { answerRows } from "../http/answer.ts";
import type { SimEnv } from "../http/gate.ts";
import { bodyOf, refusal, seenNow, writeProduct } from "../http/writing.ts";
import type { Simulation } from "../simulator.ts";
import type { ProductFields } from "../world/change.ts";
import type { Label } from "../world/records.ts";
import { guideProduct } from "./render.ts";
import { isOther } from "./routes.ts";

const LABEL = /^(\d+(?:\.\d+)?)\s*(%|mg|mg\/g)?$/;
const text = z.string().nullish();
const amount = z.number().nullish();
const potency = z.union([z.number().nonnegative(), z.string().regex(LABEL)]).nullish();

const patchSchema = z.strictObject({
  name: z.string().min(1).optional(),
  brandName: text,
  category: text,
  strainType: text,
  potencyThc: potency,
  potencyCbd: potency,
  price: amount,
  unitCost: amount,
});

/** The one write of the guide: some fields of a product, the others stay. */
export function guideWriteRoutes(simulation: Simulation): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  const { world, config } = simulation;

  app.patch("/products/:id{[0-9]+}", async (c) => {
    if (isOther(c, config)) return c.json({ message: "Location not found" }, 404);
    if (!config.guideWrites) return c.json({ message: "Method Not Allowed" }, 405, { allow: "GET" });
    const asked = patchSchema.safeParse(await bodyOf(c));
    if (!asked.success) return c.json(refusal("Validation failed", asked.error), 400);
    const saved = writeProduct(c, simulation, Number(c.req.param("id")), () => patched(asked.data));
    if (saved === undefined) return c.json({ message: "Product not found" }, 404);
    return answerRows(c, simulation, {
      items: [seenNow(c, world, saved)],
      render: guideProduct,
      before: "",
      after: "",
    });
  });

  return app;
}

function patched(row: z.output<typeof patchSchema>): ProductFields {
  return {
    ...(row.name === undefined ? {} : { name: row.name }),
    ...(row.brandName === undefined ? {} : { brand: row.brandName }),
    ...(row.category === undefined ? {} : { category: row.category }),
    ...(row.strainType === undefined ? {} : { strainType: row.strainType }),
    ...(row.potencyThc === undefined ? {} : { thc: labelOf(row.potencyThc) }),
    ...(row.potencyCbd === undefined ? {} : { cbd: labelOf(row.potencyCbd) }),
    ...(row.price === undefined ? {} : { price: row.price }),
    ...(row.unitCost === undefined ? {} : { unitCost: row.unitCost }),
  };
}

/** A number alone is percent. */
function labelOf(potency: number | string | null): Label {
  if (potency === null) return { value: null, unit: null };
  if (typeof potency === "number") return { value: potency, unit: "%" };
  const [, value, unit] = LABEL.exec(potency) ?? [];
  return { value: Number(value), unit: (unit as Label["unit"]) ?? "%" };
}
