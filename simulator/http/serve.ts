import { createSimulator, type Simulator } from "../app.ts";
import type { SimulatorOptions } from "../options.ts";
import { listen } from "./listen.ts";

export interface RunningSimulator {
  url: string;
  simulator: Simulator;
  close(): Promise<void>;
}

/** Listens on loopback; port 0 means any free port. */
export async function serveSimulator(
  options: SimulatorOptions & { port?: number; hostname?: string },
): Promise<RunningSimulator> {
  const { port, hostname, ...rest } = options;
  const simulator = createSimulator(rest);
  const { url, close } = await listen(simulator.app.fetch, { port, hostname });
  return {
    url,
    simulator,
    close: () => {
      simulator.close();
      return close();
    },
  };
}
