import type { DutchieRows, Resource } from "../../domain/records/model.ts";
import { Repeats } from "../../domain/snapshots/repeats.ts";
import type { RowChunk } from "../../dutchie/client.ts";

/** Yields each product or package of an answer once; other rows are passed on unchanged. */
export async function* onceEach(
  resource: Resource,
  chunks: AsyncIterable<RowChunk<Resource>>,
): AsyncGenerator<RowChunk<Resource>, void, undefined> {
  if (resource !== "products" && resource !== "inventory") {
    yield* chunks;
    return;
  }
  const repeats = new Repeats();
  for await (const { rows, failures, unknown } of chunks) {
    const sifted = repeats.sift(rows as DutchieRows["products" | "inventory"][]);
    yield { rows: sifted.rows, failures: [...failures, ...sifted.failures], unknown };
  }
}
