import { Hono } from "hono";
import { guideRoutes } from "./guide/routes.ts";
import { guideWriteRoutes } from "./guide/writes.ts";
import { controlRoutes } from "./http/control.ts";
import { gate, type SimEnv } from "./http/gate.ts";
import type { SimulatorOptions } from "./options.ts";
import { posRoutes } from "./pos/routes.ts";
import { posWriteRoutes } from "./pos/writes.ts";
import { Simulation } from "./simulator.ts";

export type Simulator = Simulation & { readonly app: Hono<SimEnv> };

/** A Dutchie to develop and test against: a seeded store behind Dutchie's endpoints, controlled under /_sim. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const simulation = new Simulation(options);
  const { world, config, limits, faults, lies, delay, closed, localClock: clock, chance } = simulation;
  const app = new Hono<SimEnv>();
  app.route("/_sim", controlRoutes(simulation));
  app.use(
    "*",
    gate({
      world,
      config,
      limits,
      faults,
      lies,
      delay,
      closed,
      count: (path, status) => simulation.countRequest(path, status),
    }),
  );
  const parts = { world, config, clock, chance, lies };
  app.route("/", posRoutes(parts));
  app.route("/", guideRoutes(parts));
  app.route("/", posWriteRoutes(simulation));
  app.route("/", guideWriteRoutes(simulation));
  return Object.assign(simulation, { app });
}
