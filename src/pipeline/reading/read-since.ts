import { behindBy, isFurtherBehind } from "../../domain/clock.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { DutchieClient, ReadOptions, ReadResult } from "../../dutchie/client.ts";

/**
 * Reads what changed since a time. If Dutchie's clock is behind, changes have earlier stamps than they should, and only the
 * answer shows how far behind it is. If it is more than expected, the changes are read again from further back.
 */
export async function readSince<R extends Resource>(
  client: DutchieClient,
  resource: R,
  options: ReadOptions & { modified_from?: number },
  behind_ms: number,
): Promise<ReadResult<R>> {
  const ask = (behind: number) => {
    const { modified_from } = options;
    return client.read(
      resource,
      modified_from === undefined ? options : { ...options, modified_from: modified_from - behind },
    );
  };
  const read = await ask(behind_ms);
  if (!read.ok || !isFurtherBehind(read.clockReading(), behind_ms)) return read;
  await read.rows.return();
  return ask(behindBy(read.clockReading()));
}
