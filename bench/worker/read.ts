import { DEFAULT_SETTINGS } from "../../src/domain/settings.ts";
import { createClient } from "../../src/dutchie/client.ts";
import { mapRows } from "../../src/pipeline/reading/map.ts";

/** Reads all products as an import does, and keeps none. */
export async function readProducts(endpoint: string): Promise<{ rows: number; failures: number }> {
  const client = createClient({ endpoint, api_key: "bench", profile: "pos", auth: "basic" });
  const read = await client.read("products");
  if (!read.ok) throw new Error(read.error.message);
  const total = { rows: 0, failures: 0 };
  for await (const chunk of read.rows) {
    const mapped = mapRows("products", chunk, { settings: DEFAULT_SETTINGS, pepper: null });
    total.rows += mapped.rows.rows.length;
    total.failures += mapped.failures.length;
  }
  return total;
}
