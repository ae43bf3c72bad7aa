import { MAX_GROUP_ROWS } from "../../domain/bounds.ts";
import type { DutchiePackage, Resource } from "../../domain/records/model.ts";
import { combinePackageRows } from "../../domain/snapshots/package-rows.ts";
import type { DutchieClient, RowChunk } from "../../dutchie/client.ts";
import { DutchieReadError, dutchieError } from "../../dutchie/http/errors.ts";
import type { Meter } from "../../dutchie/http/meter.ts";

/** Memory for the id of a failed row, beside its characters, bytes. */
const ID_BYTES = 64;

/** Whether the rows of one package may be anywhere in the answer, so that it must be read whole, from its first page. */
export const needsWholeAnswer = (client: DutchieClient, resource: Resource): boolean =>
  resource === "inventory" && client.profile.row_per_room;

/**
 * Collects an answer's rows until its end, then yields one row for each package. Until then it yields the failures of each
 * chunk, which also shows that the reader is alive.
 */
export async function* rowPerPackage(
  chunks: AsyncIterable<RowChunk<"inventory">>,
  meter: Meter,
): AsyncGenerator<RowChunk<"inventory">, void, undefined> {
  const collected: DutchiePackage[] = [];
  const failed = new Set<string>();
  let bytes = 0;
  for await (const { rows, failures, unknown } of chunks) {
    for (const { dutchie_id } of failures) {
      if (dutchie_id === null || failed.has(dutchie_id)) continue;
      failed.add(dutchie_id);
      bytes += dutchie_id.length + ID_BYTES;
    }
    bytes += JSON.stringify(rows).length;
    if (!meter.mayCollect(bytes)) {
      const error = dutchieError("BAD_RESPONSE", "The inventory is too large to be read with a row for each room", {
        hint: "Let the endpoint list a package's rooms in one row (roomQuantities).",
      });
      throw new DutchieReadError(error);
    }
    collected.push(...rows);
    yield { rows: [], failures, unknown };
  }
  const statements = combinePackageRows(collected, { whole: true, failed });
  for (let at = 0; at < statements.length; at += MAX_GROUP_ROWS) {
    yield { rows: statements.slice(at, at + MAX_GROUP_ROWS), failures: [], unknown: 0 };
  }
}
