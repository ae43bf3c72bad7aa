import { Pool } from "undici";
import { percentile } from "./percentile.ts";

export interface Call {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface LoadResult {
  per_second: number;
  p50_ms: number;
  p99_ms: number;
}

/**
 * Sends so many calls over so many connections, each connection the next call as soon as its last is answered. Throws on the
 * first answer that is not as expected: a load that is refused measures nothing.
 */
export async function load(
  origin: string,
  given: { calls: number; connections: number; isExpected: (status: number) => boolean; call: (i: number) => Call },
): Promise<LoadResult> {
  const pool = new Pool(origin, { connections: given.connections, pipelining: 1 });
  const latencies: number[] = [];
  let next = 0;
  const connection = async () => {
    while (next < given.calls) {
      const call = given.call(next++);
      const began = performance.now();
      const { statusCode, body } = await pool.request(call);
      if (!given.isExpected(statusCode)) {
        throw new Error(`${call.method} ${call.path} answered ${statusCode}: ${(await body.text()).slice(0, 500)}`);
      }
      await body.dump();
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: given.connections }, connection));
  } finally {
    await pool.destroy();
  }
  const seconds = (performance.now() - began) / 1_000;
  return { per_second: given.calls / seconds, p50_ms: percentile(latencies, 0.5), p99_ms: percentile(latencies, 0.99) };
}
