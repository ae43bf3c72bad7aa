import { MAX_GROUP_ROWS } from "../../domain/bounds.ts";
import type { DutchiePackage, Resource } from "../../domain/records/model.ts";
import { combinePackageRows } from "../../domain/snapshots/package-rows.ts";
import type { DutchieClient, RowChunk } from "../../dutchie/client.ts";
import { DutchieReadError, dutchieError } from "../../dutchie/http/errors.ts";
import type { Meter } from "../../dutchie/http/meter.ts";

/** Memory for the id of a failed row, beside its characters, bytes. */
const ID_BYTES = 64;

/** Whether the rows of one package may be anywhere in the answer, so that it must be read whole. */
export const needsWholeAnswer = (client: DutchieClient, resource: Resource): boolean =>
  resource === "inventory" && client.profile.row_per_room;

/** What was collected of an answer. As text it outlives a read that breaks off. */
interface Part {
  rows: DutchiePackage[];
  failed: string[];
}

/** An answer's rows until its end. */
export class Collected {
  readonly rows: DutchiePackage[] = [];
  readonly failed = new Set<string>();
  /** Of both as JSON, about. */
  bytes = 0;
  private readonly known: number;
  /** The page under way, and how many rows came before it. */
  private page: string | null = null;
  private begin = 0;

  /** `parts`: what earlier reads of this answer have collected. */
  constructor(parts: readonly string[] = []) {
    for (const text of parts) {
      const { rows, failed } = JSON.parse(text) as Part;
      for (const row of rows) this.rows.push(row);
      for (const id of failed) this.failed.add(id);
      this.bytes += text.length;
    }
    this.known = this.rows.length;
  }

  add({ rows, failures, page = null }: RowChunk<"inventory">): void {
    if (page !== this.page) [this.page, this.begin] = [page, this.rows.length];
    for (const { dutchie_id } of failures) {
      if (dutchie_id === null || this.failed.has(dutchie_id)) continue;
      this.failed.add(dutchie_id);
      this.bytes += dutchie_id.length + ID_BYTES;
    }
    this.bytes += JSON.stringify(rows).length;
    for (const row of rows) this.rows.push(row);
  }

  /** What this read has added before `page`, which will be read again: a part of it must not count as well. */
  before(page: string): string {
    const rows = this.rows.slice(this.known, page === this.page ? this.begin : undefined);
    return JSON.stringify({ rows, failed: [...this.failed] } satisfies Part);
  }
}

/**
 * Collects an answer's rows until its end, then yields one row for each package. Until then it yields the failures of each
 * chunk, which also shows that the reader is alive.
 */
export async function* rowPerPackage(
  chunks: AsyncIterable<RowChunk<"inventory">>,
  meter: Meter,
  collected = new Collected(),
): AsyncGenerator<RowChunk<"inventory">, void, undefined> {
  for await (const chunk of chunks) {
    collected.add(chunk);
    if (!meter.mayCollect(collected.bytes)) {
      const error = dutchieError("BAD_RESPONSE", "The inventory is too large to be read with a row for each room", {
        hint: "Let the endpoint list a package's rooms in one row (roomQuantities).",
      });
      // The slow lane goes on at this page.
      throw new DutchieReadError(error, chunk.page, chunk.before);
    }
    yield { rows: [], failures: chunk.failures, unknown: chunk.unknown };
  }
  const statements = combinePackageRows(collected.rows, { whole: true, failed: collected.failed, row_per_room: true });
  for (let at = 0; at < statements.length; at += MAX_GROUP_ROWS) {
    yield { rows: statements.slice(at, at + MAX_GROUP_ROWS), failures: [], unknown: 0 };
  }
}
