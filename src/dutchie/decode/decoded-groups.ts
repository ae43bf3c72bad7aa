import { MAX_GROUP_BYTES, MAX_GROUP_ROWS } from "../../domain/bounds.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { SplitRow } from "../stream/split.ts";
import { addRow, type DecodedRows, idInText, noRows } from "./decode.ts";

/**
 * Decodes rows as soon as they are split, groups them by number and size, and returns the generator's return value. A row as
 * it was sent has many times the fields that are read: kept until its group is full, it would cost memory and collector time.
 */
export async function* decodedGroups<R extends Resource, End>(
  resource: R,
  source: AsyncGenerator<SplitRow[], End, undefined>,
  { rows = MAX_GROUP_ROWS, bytes = MAX_GROUP_BYTES } = {},
): AsyncGenerator<DecodedRows<R>, End, undefined> {
  let group = noRows<R>();
  let [count, size] = [0, 0];
  try {
    for (;;) {
      const step = await source.next();
      if (step.done) {
        if (count > 0) yield group;
        return step.value;
      }
      for (const row of step.value) {
        if (row.ok) addRow(group, resource, row.value);
        else group.failures.push({ resource, dutchie_id: idInText(resource, row.text), reason: row.reason });
        count += 1;
        size += row.size;
        if (count < rows && size < bytes) continue;
        yield group;
        group = noRows<R>();
        [count, size] = [0, 0];
      }
    }
  } finally {
    // Closes the body when the caller stops early.
    await source.return(undefined as never);
  }
}
