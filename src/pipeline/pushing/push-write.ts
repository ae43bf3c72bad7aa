import type { ClaimedPush, PushOutcome } from "../../contract/location.ts";
import { FINAL, type PushError, pushEntries } from "../../domain/pushes/push.ts";
import { type IncomingProduct, mapProduct } from "../../domain/records/mapping.ts";
import type { ProductContent } from "../../domain/records/model.ts";
import type { DutchieClient } from "../../dutchie/client.ts";
import { decodeProduct } from "../../dutchie/decode/decode.ts";
import type { FieldValues } from "../../dutchie/profiles/index.ts";
import type { WriteResult } from "../../dutchie/write.ts";

export const failures = (pushes: readonly ClaimedPush[], error: PushError): PushOutcome[] =>
  pushes.map(({ push_id }) => ({ push_id, ok: false, error, partly: null }));

/** Writes fields that Dutchie accepts alone, of one or several products in one request. */
export async function writeSparse(client: DutchieClient, pushes: readonly ClaimedPush[]): Promise<PushOutcome[]> {
  const [only, ...others] = pushes;
  if (only !== undefined && others.length === 0) return [await writeAlone(client, only)];
  const result = await client.write(client.profile.writes.sparseCall(pushes.map(valuesOf)));
  if (result.ok) return pushes.map((push) => outcomeOf(push, result, null));
  if (result.error.code !== "REJECTED") return failures(pushes, result.error);
  // One bad product makes Dutchie refuse all of them: each is sent alone to find it.
  const outcomes: PushOutcome[] = [];
  for (const push of pushes) outcomes.push(await writeAlone(client, push));
  return outcomes;
}

async function writeAlone(client: DutchieClient, push: ClaimedPush): Promise<PushOutcome> {
  const result = await client.write(client.profile.writes.sparseCall([valuesOf(push)]));
  if (!result.ok) return { push_id: push.push_id, ok: false, error: result.error, partly: null };
  return outcomeOf(push, result, productIn(result.body, push));
}

type Written = Extract<WriteResult, { ok: true }>;

/** `answered`: the product in the answer; null: the answer does not show it. Dutchie has what was sent, unless it says otherwise. */
function outcomeOf(push: ClaimedPush, result: Written, answered: IncomingProduct | null): PushOutcome {
  const content = { ...(valuesOf(push).values as Partial<ProductContent>), ...answered?.content };
  return { push_id: push.push_id, ok: true, content, ...timesOf(result, answered) };
}

/** Writes the whole product with the new values, then the fields that belong to the location alone. */
export async function writeWhole(
  client: DutchieClient,
  push: ClaimedPush,
  raw: Record<string, unknown>,
): Promise<PushOutcome> {
  const { push_id } = push;
  const { sparse, wholeCall } = client.profile.writes;
  const entries = pushEntries(push.fields);
  const part = (isSparse: boolean): ClaimedPush => ({
    ...push,
    fields: Object.fromEntries(entries.filter(([field]) => sparse.includes(field) === isSparse)),
  });
  const [alone, whole] = [part(true), part(false)];
  if (wholeCall === null || pushEntries(whole.fields).length === 0) return writeAlone(client, alone);
  const call = wholeCall(raw, valuesOf(whole));
  const result = await client.write(call);
  const isAll = pushEntries(alone.fields).length === 0;
  if (!result.ok) {
    const { error } = result;
    if (isAll || !FINAL.has(error.code)) return { push_id, ok: false, error, partly: null };
    // The location's own fields do not wait for one that Dutchie does not accept. If they fail for now, all is tried again.
    const rest = await writeAlone(client, alone);
    if (!rest.ok && !FINAL.has(rest.error.code)) return rest;
    return { push_id, ok: false, error, partly: rest.ok ? rest : null };
  }
  const answered = productIn(result.body, push);
  const content = { ...productIn(call.body, push)?.content, ...answered?.content };
  const first = { content, ...timesOf(result, answered) };
  if (isAll) return { push_id, ok: true, ...first };
  const rest = await writeAlone(client, alone);
  return rest.ok ? { ...rest, content: { ...content, ...rest.content } } : { ...rest, partly: first };
}

const valuesOf = ({ dutchie_product_id, fields, is_rec_price = false }: ClaimedPush): FieldValues => ({
  dutchie_product_id,
  is_rec_price,
  values: Object.fromEntries(pushEntries(fields).map(([field, { value }]) => [field, value])),
});

/** A product's row as ReUp understands it, if it is one of this product. */
function productIn(row: unknown, { dutchie_product_id }: ClaimedPush): IncomingProduct | null {
  const decoded = decodeProduct(row);
  return decoded.ok && decoded.row.dutchie_product_id === dutchie_product_id ? mapProduct(decoded.row) : null;
}

/** A stamp this much later than the answer is not the time of the write. */
const STAMP_TOLERANCE_MS = 60_000;

/** The time of the write: the stamp in the answer, else the time of sending. */
function timesOf({ written_at, answered_at }: Written, answered: IncomingProduct | null) {
  const stamp = answered?.modified_at ?? 0;
  return {
    written_at: stamp > answered_at + STAMP_TOLERANCE_MS ? written_at : Math.max(written_at, stamp),
    answered_at,
  };
}
