import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createSimulator } from "../../simulator/app.ts";
import type { Figure, Measure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import { IsolateMemory } from "../support/isolate-memory.ts";
import { runtimeMemoryMb } from "../support/runtime.ts";

const MB = 1_048_576;
const EVERY_MS = 50;

/** What Cloudflare gives an isolate. Without a limit V8 collects late: its young generation grows with the machine's memory. */
const ISOLATE_MB = 128;

/**
 * Memory of the Worker's isolate while the reader of an import (split, decode, map) takes a long answer, beside what it had
 * before it read anything. Beside it the runtime's whole process, idle after a short answer: it also has the other isolates, and the
 * compiler, which works while the reader is new. Without the database, which keeps pages of its own.
 */
export const memory: Figure = {
  id: "memory",
  about: "memory of the isolate and the runtime while 100 MB of products stream in, beside idle",
  measure: async (bench) => {
    const stage = await bench.stage("memory", { heap_mb: ISOLATE_MB });
    const rows = productRows();
    const { pid = 0, inspector_port } = stage.worker;
    const isolate = await IsolateMemory.open(inspector_port);
    const bytes = bench.size(100, 20) * MB;
    const idle = { isolate: 0, process: 0 };
    const most = { isolate: 0, process: 0 };
    let isReading = true;
    const watch = async () => {
      while (isReading) {
        most.process = Math.max(most.process, runtimeMemoryMb(pid));
        most.isolate = Math.max(most.isolate, await isolate.mb());
        await setTimeout(EVERY_MS);
      }
    };
    let count: number;
    try {
      idle.isolate = await isolate.mb();
      await read(stage, rows, 10 * MB);
      idle.process = runtimeMemoryMb(pid);
      const reading = read(stage, rows, bytes).finally(() => {
        isReading = false;
      });
      [count] = await Promise.all([reading, watch()]);
    } finally {
      isolate.close();
    }
    const measured = (of: "isolate" | "process", name: string): Measure => ({
      figure: `memory while ${bytes / MB} MB stream in (${name})`,
      value: most[of] - idle[of],
      unit: "MB more",
      beside: { name: "idle", value: idle[of], ratio: most[of] / idle[of] },
      more: { most: most[of], rows: count },
    });
    const target = { of: "value", at: "most", number: 32 } as const;
    return [{ ...measured("isolate", "isolate"), target }, measured("process", "runtime's process")];
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
  const result = await stage
    .call<{ rows: number; failures: number }>("read", { endpoint })
    .finally(() => server.close());
  if (result.rows !== sent || result.failures > 0) throw new Error(`Of ${sent} rows, ${result.rows} were read`);
  return result.rows;
}
