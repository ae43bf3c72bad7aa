import { type Context, Hono } from "hono";
import { z } from "zod";
import { faultSchema } from "../lies/faults.ts";
import { grammar, lieSchema } from "../lies/lies.ts";
import { ORACLE_RESOURCES } from "../oracle/oracle.ts";
import type { Simulation } from "../simulator.ts";
import { changedBy } from "../webhooks/event-body.ts";
import { ACT_KINDS } from "../world/acts.ts";
import type { WorldEvent } from "../world/records.ts";
import type { SimEnv } from "./gate.ts";
import { productEditSchema } from "./product-edit.ts";

const actSchema = z.object({ count: z.int().min(1).max(10_000).default(1), kind: z.enum(ACT_KINDS).optional() });
const clockSchema = z.object({ everyMs: z.number().min(1).nullable() });
const probability = z.number().min(0).max(1).optional();
const webhooksSchema = z.object({
  target: z
    .object({
      url: z.url(),
      secret: z.string().min(1),
      profile: z.enum(["pos", "guide"]).optional(),
      scheme: z
        .union([
          z.literal("standard"),
          z.object({ header: z.string().min(1), encoding: z.enum(["hex", "base64"]), prefix: z.string().optional() }),
        ])
        .optional(),
    })
    .nullable(),
  faults: z
    .object({
      duplicate: probability,
      late: probability,
      lateMs: z.number().nonnegative().optional(),
      reorder: probability,
      drop: probability,
    })
    .optional(),
});
const liesSchema = z.object({
  lies: z.union([
    z.array(lieSchema),
    z.strictObject({ seed: z.int(), rate: z.number().min(0).max(1), forMs: z.number().positive().optional() }),
  ]),
});
const faultsSchema = z.object({ faults: z.array(faultSchema) });
const scheme = z.enum(["basic", "bearer", "header"]);
const configSchema = z
  .strictObject({
    profiles: z.array(z.enum(["pos", "guide"])),
    apiKey: z.string(),
    integratorKey: z.string(),
    auth: z.array(scheme),
    locationId: z.int().nullable(),
    locationName: z.string(),
    roles: z.array(z.string()),
    whoamiCase: z.enum(["camel", "pascal"]),
    limits: z.union([z.enum(["real", "off"]), z.object({ scale: z.number().positive() })]),
    limitText: z.boolean(),
    limitRetryAfter: z.union([z.boolean(), z.number()]),
    guidePaging: z.enum(["none", "cursor", "url"]),
    guidePageSize: z.int().positive(),
    otherLocation: z.enum(["404", "empty"]),
    guideWrites: z.boolean(),
    stringNumbers: z.boolean(),
  })
  .partial();
const nullableText = z.string().nullable();
const nullableNumber = z.number().nullable();
const packageSchema = z
  .strictObject({
    productId: z.int(),
    packageId: nullableText,
    unitCost: nullableNumber,
    unitPrice: z.number(),
    allocated: z.number(),
    quantity: z.number().nonnegative(),
    room: z.union([z.number(), z.string()]),
    rooms: z.array(z.object({ roomId: z.int(), quantity: z.number().positive() })),
  })
  .partial();

/** The simulator's own endpoints: no key, no limits, no faults. */
export function controlRoutes(simulation: Simulation): Hono<SimEnv> {
  const app = new Hono<SimEnv>();
  const show = (events: WorldEvent[]) => ({
    events: events.map((event) => ({ ...simulation.eventBody(event), changed: changedBy(event) })),
  });
  const found = (c: Context, done: boolean) => (done ? c.body(null, 204) : c.json({ error: "no such record" }, 404));

  app.onError((error, c) =>
    c.json(
      { error: error instanceof z.ZodError ? error.issues : String(error) },
      error instanceof z.ZodError || error instanceof RangeError ? 400 : 500,
    ),
  );

  app.get("/oracle", (c) => {
    const asked = c.req.query("resources")?.split(",");
    return c.json(
      simulation.oracle(asked === undefined ? undefined : ORACLE_RESOURCES.filter((each) => asked.includes(each))),
    );
  });
  app.get("/state", (c) => c.json(simulation.state()));
  app.delete("/state", (c) => {
    simulation.resetCounts();
    return c.body(null, 204);
  });
  app.post("/act", async (c) => {
    const { count, kind } = actSchema.parse(await body(c));
    return c.json(show(simulation.act(kind === undefined ? { count } : { count, kind })));
  });
  app.post("/clock", async (c) => {
    const { everyMs } = clockSchema.parse(await body(c));
    if (everyMs === null) simulation.stop();
    else simulation.start({ everyMs });
    return c.json(simulation.state().clock);
  });
  app.post("/webhooks", async (c) => {
    const asked = webhooksSchema.parse(await body(c));
    simulation.setWebhooks(asked.target, asked.faults);
    return c.json(simulation.state().webhooks);
  });
  app.get("/deliveries", (c) => {
    const rows = simulation.deliveries(c.req.query("since"));
    const withBodies = c.req.query("bodies") === "true";
    return c.json({ deliveries: withBodies ? rows : rows.map(({ body: _, ...row }) => row) });
  });
  app.post("/faults", async (c) => {
    simulation.setFaults(faultsSchema.parse(await body(c)).faults);
    return c.json({ faults: simulation.faults.list() });
  });
  app.delete("/faults", (c) => {
    simulation.clearFaults();
    return c.body(null, 204);
  });
  app.get("/lies", (c) => c.json({ lies: simulation.lies.list(), grammar: grammar() }));
  app.post("/lies", async (c) => {
    simulation.setLies(liesSchema.parse(await body(c)).lies);
    return c.json({ lies: simulation.lies.list() });
  });
  app.delete("/lies", (c) => {
    simulation.lies.stop();
    return c.body(null, 204);
  });
  app.post("/config", async (c) => {
    Object.assign(simulation.config, configSchema.parse(await body(c)));
    return c.json(simulation.config);
  });
  app.get("/products/:id", (c) => {
    const product = simulation.product(idOf(c));
    return product === undefined ? c.json({ error: "no such record" }, 404) : c.json(product);
  });
  app.post("/products/:id", async (c) => {
    const events = simulation.setProduct(idOf(c), productEditSchema.parse(await body(c)), silence(c));
    return events.length > 0 ? c.json(show(events)) : c.json({ error: "no such record" }, 404);
  });
  app.post("/packages/:id", async (c) => {
    const events = simulation.setPackage(idOf(c), packageSchema.parse(await body(c)), silence(c));
    return events.length > 0 ? c.json(show(events)) : c.json({ error: "no such record" }, 404);
  });
  app.delete("/products/:id", (c) => found(c, simulation.removeProduct(idOf(c))));
  app.delete("/packages/:id", (c) => found(c, simulation.removePackage(idOf(c))));
  app.all("*", (c) => c.json({ error: "no such control" }, 404));
  return app;
}

const idOf = (c: Context): number => Number(c.req.param("id"));

/** `?silent=true`: changes the record without a webhook. */
const silence = (c: Context): { silent: boolean } => ({ silent: c.req.query("silent") === "true" });

async function body(c: Context): Promise<unknown> {
  const text = await c.req.text();
  return text === "" ? {} : JSON.parse(text);
}
