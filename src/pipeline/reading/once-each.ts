import type { DutchieRows, Resource } from "../../domain/records/model.ts";
import { Repeats } from "../../domain/snapshots/repeats.ts";
import type { RowChunk } from "../../dutchie/client.ts";

/** Yields each product, package or sale of an answer once; a room may have several rows. */
export async function* onceEach(
  resource: Resource,
  chunks: AsyncIterable<RowChunk<Resource>>,
): AsyncGenerator<RowChunk<Resource>, void, undefined> {
  if (resource === "rooms") {
    yield* chunks;
    return;
  }
  const repeats = new Repeats();
  for await (const { rows, failures, unknown } of chunks) {
    const sifted = repeats.sift(rows as DutchieRows["products" | "inventory" | "sales"][]);
    yield { rows: sifted.rows, failures: [...failures, ...sifted.failures], unknown };
  }
}
