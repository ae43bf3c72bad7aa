import type { Context } from "hono";
import type { z } from "zod";
import type { Simulation } from "../simulator.ts";
import type { ProductFields } from "../world/change.ts";
import type { Product } from "../world/records.ts";
import type { World } from "../world/world.ts";
import { ageOf } from "./answer.ts";
import type { SimEnv } from "./gate.ts";

/** What writes of both profiles share. */

/**
 * Writes a product and returns the result; undefined when there is no such product. The fault `concurrentEdit` makes another
 * edit just before, after the writer has read the product, with an event of its own.
 */
export function writeProduct(
  c: Context<SimEnv>,
  simulation: Simulation,
  id: number,
  fields: (before: Product) => ProductFields,
): Product | undefined {
  const { products } = simulation.world;
  if (products.get(id) === undefined) return undefined;
  for (const { kind, edit } of c.get("writeFaults")) {
    if (kind === "concurrentEdit" && edit !== undefined) simulation.setProduct(id, edit);
  }
  const [before, shown] = [products.get(id), products.shownNow(id)];
  if (before !== undefined) simulation.setProduct(id, fields(before));
  const after = products.get(id);
  if (before !== undefined && after !== undefined) simulation.noteWrite({ before, after, shown });
  return after;
}

/** The product in this answer: with the fault `stale`, as it was before the write. */
export function seenNow(c: Context<SimEnv>, world: World, product: Product): Product {
  const age = ageOf(c);
  return age === 0 ? product : (world.view(age).productOf(product.id) ?? product);
}

/** A 400 in Dutchie's words. */
export function refusal(message: string, error?: z.ZodError) {
  const propertyErrors = error?.issues.map((issue) => ({
    propertyName: issue.path.join("."),
    propertyError: issue.message,
  }));
  return { message, propertyErrors: propertyErrors ?? null };
}

export async function bodyOf(c: Context<SimEnv>): Promise<unknown> {
  try {
    return await c.req.json();
  } catch {
    return undefined;
  }
}
