import { createSimulator, type Simulator } from "../../../simulator/app.ts";
import type { SimulatorOptions } from "../../../simulator/options.ts";

export const START = Date.UTC(2026, 0, 15, 18, 0, 0);

/** A simulator in a hand-wound time. */
export function store(options: SimulatorOptions = {}) {
  let time = START;
  const simulator = createSimulator({
    size: 60,
    seed: 7,
    salesDays: 10,
    limits: "off",
    now: () => time,
    delay: async () => {},
    ...options,
  });
  return {
    simulator,
    advance: (ms: number) => {
      time += ms;
    },
  };
}

export const HEADERS = {
  accept: "application/json",
  "user-agent": "reup-test",
  authorization: `Basic ${btoa("sim-key:")}`,
};

export function call(simulator: Simulator, path: string, init: RequestInit = {}): Promise<Response> {
  return Promise.resolve(simulator.app.request(path, { headers: HEADERS, ...init }));
}

export type Json = Record<string, unknown>;

export async function rows(simulator: Simulator, path: string): Promise<Json[]> {
  const answer = await call(simulator, path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as Json[];
}

export const RANGE = "FromLastModifiedDateUTC=2025-12-01T00:00:00Z&ToLastModifiedDateUTC=2026-01-20T00:00:00Z";
export const INVENTORY = "/reporting/inventory?includeRoomQuantities=true&includeAllocated=true&includeLabResults=true";
export const SALES = `/reporting/transactions?${RANGE}&IncludeDetail=true`;
