import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSimulator } from "../../simulator/app.ts";
import type { Figure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import { runtimeMemoryMb } from "../support/runtime.ts";

const MB = 1_048_576;
const EVERY_MS = 50;

/**
 * Memory of the runtime's whole process while the reader of an import (split, decode, map) takes a long answer, beside the
 * same process idle after a short one. Without the database, which keeps pages of its own.
 */
export const memory: Figure = {
  id: "memory",
  about: "memory of the runtime while 100 MB of products stream in, beside idle",
  measure: async (bench) => {
    const stage = await bench.stage("memory");
    const rows = productRows();
    await read(stage, rows, 10 * MB);
    const idle = runtimeMemoryMb(stage.worker.pid ?? 0);
    const bytes = bench.size(100, 20) * MB;
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, runtimeMemoryMb(stage.worker.pid ?? 0));
    }, EVERY_MS);
    const count = await read(stage, rows, bytes);
    clearInterval(timer);
    const target = { of: "value", at: "most", number: 32 } as const;
    const beside = { name: "idle", value: idle, ratio: most / idle };
    const figure = `memory while ${bytes / MB} MB stream in (runtime's process)`;
    return [{ figure, value: most - idle, unit: "MB more", beside, target, more: { most, rows: count } }];
  },
};

function productRows(): string[] {
  const simulator = createSimulator({ size: 500, salesDays: 1, limits: "off" });
  const rows = [...simulator.world.products.values()].map(({ id }) => JSON.stringify(simulator.product(id)));
  simulator.close();
  return rows;
}

/** Lets the Worker read one array of about so many bytes; returns how many rows it understood. */
async function read(stage: Stage, rows: readonly string[], bytes: number): Promise<number> {
  let sent = 0;
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write("[");
    let sentBytes = 0;
    const more = () => {
      for (;;) {
        if (response.destroyed) return;
        if (sentBytes >= bytes) return void response.end("]");
        const row =
          (sent === 0 ? "" : ",") +
          (rows[sent % rows.length] ?? "").replace(/"productId":\d+/, `"productId":${sent + 1}`);
        sent += 1;
        sentBytes += row.length;
        if (!response.write(row)) return void response.once("drain", more);
      }
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const result = await stage.call<{ rows: number; failures: number }>("read", { endpoint });
  server.close();
  if (result.rows !== sent || result.failures > 0) throw new Error(`Of ${sent} rows, ${result.rows} were read`);
  return result.rows;
}
