import { mapProduct } from "../domain/mapping.ts";
import type { ProductContent } from "../domain/model.ts";
import { type PushError, pushEntries } from "../domain/push.ts";
import type { DutchieClient } from "../dutchie/client.ts";
import { decodeProduct } from "../dutchie/decode.ts";
import type { FieldValues } from "../dutchie/profiles/index.ts";
import type { PushOutcome, TakenPush } from "../location/protocol.ts";

export const failures = (pushes: readonly TakenPush[], error: PushError): PushOutcome[] =>
  pushes.map(({ push_id }) => ({ push_id, ok: false, error, partly: null }));

/** Fields that can be told alone, of one or several products in one request. */
export async function writeSparse(client: DutchieClient, pushes: readonly TakenPush[]): Promise<PushOutcome[]> {
  const result = await client.write(client.profile.writes.sparseCall(pushes.map(valuesOf)));
  if (!result.ok) {
    // One bad product refuses them all: each on its own tells which.
    if (result.error.code !== "REJECTED" || pushes.length === 1) return failures(pushes, result.error);
    const outcomes: PushOutcome[] = [];
    for (const push of pushes) outcomes.push(...(await writeSparse(client, [push])));
    return outcomes;
  }
  const { written_at, answered_at, body } = result;
  return pushes.map((push) => {
    const content = pushes.length === 1 ? contentIn(body, push) : null;
    const values = valuesOf(push).values as Partial<ProductContent>;
    return { push_id: push.push_id, ok: true, content: content ?? values, written_at, answered_at };
  });
}

/** The product whole, with the new values; then what belongs to the location alone. */
export async function writeWhole(
  client: DutchieClient,
  push: TakenPush,
  raw: Record<string, unknown>,
): Promise<PushOutcome> {
  const { push_id } = push;
  const { sparse, wholeCall } = client.profile.writes;
  const entries = pushEntries(push.fields);
  const part = (isSparse: boolean): TakenPush => ({
    ...push,
    fields: Object.fromEntries(entries.filter(([field]) => sparse.includes(field) === isSparse)),
  });
  const [alone, whole] = [part(true), part(false)];
  if (wholeCall === null || pushEntries(whole.fields).length === 0) {
    const [outcome] = await writeSparse(client, [alone]);
    return outcome as PushOutcome;
  }
  const call = wholeCall(raw, valuesOf(whole));
  const result = await client.write(call);
  if (!result.ok) return { push_id, ok: false, error: result.error, partly: null };
  const { written_at, answered_at } = result;
  const content = contentIn(result.body, push) ?? contentIn(call.body, push) ?? {};
  const written: PushOutcome = { push_id, ok: true, content, written_at, answered_at };
  if (pushEntries(alone.fields).length === 0) return written;
  const [rest] = await writeSparse(client, [alone]);
  if (rest?.ok) return { ...rest, content: { ...content, ...rest.content } };
  return rest === undefined ? written : { ...rest, partly: { content, written_at, answered_at } };
}

const valuesOf = ({ dutchie_product_id, fields }: TakenPush): FieldValues => ({
  dutchie_product_id,
  values: Object.fromEntries(pushEntries(fields).map(([field, { value }]) => [field, value])),
});

/** What a product's row says of it, if it is one of this product. */
function contentIn(row: unknown, { dutchie_product_id }: TakenPush): Partial<ProductContent> | null {
  const decoded = decodeProduct(row);
  if (!decoded.ok || decoded.row.dutchie_product_id !== dutchie_product_id) return null;
  return mapProduct(decoded.row).content;
}
