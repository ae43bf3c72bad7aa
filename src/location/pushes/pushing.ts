import type { ClaimedPush, PushOutcome } from "../../contract/location.ts";
import { loadProductsById } from "../../db/load-records.ts";
import { MAX_TEXT } from "../../domain/bounds.ts";
import { asBelieved } from "../../domain/clock.ts";
import {
  asTried,
  contradicts,
  decidePush,
  type PushError,
  type PushFields,
  readAnswer,
} from "../../domain/pushes/push.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import { type ProductContent, PUSH_FIELDS } from "../../domain/records/model.ts";
import { dutchieSide } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import { asOf } from "../../domain/records/version.ts";
import { chargesRecPrice } from "../../domain/values/price.ts";
import type { StoreContext } from "../context.ts";
import type { Reading } from "../records/applied.ts";
import { apply } from "../records/apply.ts";
import { cancelPushes, donePush, failPush, stopPush } from "./push-ends.ts";

/** The steps of pushing, within the store's serial section: claim, decide by what Dutchie says now, finish. */

/** Pushes claimed at once: one read of Dutchie serves all of them. */
const MAX_CLAIMED = 20;

/** Pushes that are due, and since when Dutchie must be asked what changed in their products. */
export async function claimPushes(
  context: StoreContext,
): Promise<{ pushes: ClaimedPush[]; since: number; behind_ms: number }> {
  const { store, now } = context;
  const claimed = store.outbox.claim(MAX_CLAIMED, now);
  const rows = await productsById(
    context,
    claimed.map(({ product_id }) => product_id),
  );
  const floor = store.floors(now).products;
  const versionAt = (id: string) => {
    const row = rows.get(id);
    return row === undefined ? 0 : asBelieved(row, now).source_at;
  };
  const known = claimed.map(({ product_id }) => Math.max(versionAt(product_id), floor));
  return {
    pushes: claimed.map(({ push_id, dutchie_product_id, fields }) => ({ push_id, dutchie_product_id, fields })),
    since: Math.min(...known),
    behind_ms: store.behind(),
  };
}

/** Products read from Dutchie at `started_at`. `whole`: the whole product is written, based on these rows. */
interface Reread {
  rows: IncomingProduct[];
  started_at: number;
  whole: boolean;
}

/** Decides what is written now. A row older than what is stored is not written back (F07). */
export async function decidePushes(
  context: StoreContext,
  push_ids: readonly string[],
  { rows, started_at, whole }: Reread,
): Promise<ClaimedPush[]> {
  const { store, location, now } = context;
  const { outbox } = store;
  const go: ClaimedPush[] = [];
  const pushes = push_ids.flatMap((id) => outbox.get(id) ?? []).filter(({ state }) => state === "sending");
  const product_ids = pushes.map(({ product_id }) => product_id);
  const before = whole ? await productsById(context, product_ids) : new Map<string, ProductRow>();
  const doubted = new Set([...before.values()].filter((row) => isDoubtful(row, rows)).map((row) => row.product_id));
  if (rows.length > 0) {
    const reading: Reading = {
      read: { kind: "snapshot", as_of: asOf("products", started_at, now), complete: false },
      origin: { cause: "poll", ref: push_ids[0] ?? null },
      write: true,
    };
    await apply(context, reading, { resource: "products", rows });
  }
  const products = await productsById(context, product_ids);
  for (const push of pushes) {
    const product = products.get(push.product_id);
    if (product === undefined || product.status === "deleted" || product.dutchie_product_id === null) {
      await cancelPushes(context, [push], "The product is no longer in Dutchie's catalogue.");
      continue;
    }
    const dutchie = dutchieSide(product);
    const verdict = decidePush(push.fields, dutchie, location.settings.field_authority, {
      sent: push.known_at !== null,
      written: outbox.ofProduct(push.product_id).flatMap((each) => each.written ?? []),
    });
    if (verdict.kind === "conflict") {
      await stopPush(context, push, verdict.conflicts);
    } else if (verdict.kind === "done") {
      await donePush(context, push, { kept: verdict.kept, otherwise: "Dutchie has this value already." });
    } else if (whole && !isCurrent(dutchie, rows, push.dutchie_product_id)) {
      await failPush(context, push, LAGGING);
    } else if (doubted.has(push.product_id)) {
      await failPush(context, push, CONTRADICTORY);
    } else {
      outbox.put({ ...push, fields: asTried(push.fields, verdict.fields), known_at: product.source_at });
      const { push_id, dutchie_product_id } = push;
      const is_rec_price = chargesRecPrice(product.stated ?? {});
      go.push({ push_id, dutchie_product_id, fields: verdict.fields, is_rec_price });
    }
  }
  return go;
}

/** Records the outcome of the writes. */
export async function finishPushes(context: StoreContext, outcomes: readonly PushOutcome[]): Promise<void> {
  for (const outcome of outcomes) {
    const push = context.store.outbox.get(outcome.push_id);
    if (push === null || push.state !== "sending") continue;
    const done = outcome.ok ? outcome : outcome.partly;
    if (done !== null) {
      const { content, written_at } = done;
      // From the moment of writing, our values are Dutchie's: an older answer does not undo them (rule 1).
      const reading: Reading = {
        read: { kind: "event", occurred_at: written_at, received_at: context.now },
        origin: { cause: "user", ref: push.push_id },
        write: true,
      };
      const rows = [{ dutchie_product_id: push.dutchie_product_id, content, modified_at: null }];
      await apply(believing(context), reading, { resource: "products", rows });
    }
    const answered = done && { written: written(done.content), answered_at: done.answered_at };
    const { kept, refused } = outcome.ok ? readAnswer(push.fields, outcome.content) : { kept: [], refused: [] };
    const error = outcome.ok ? ignored(push.fields, refused) : outcome.error;
    if (error === null) await donePush(context, { ...push, ...answered }, { kept, otherwise: null });
    else await failPush(context, { ...push, ...answered }, error);
  }
}

/** Our own values must not conflict with the field authority. */
function believing(context: StoreContext): StoreContext {
  const { location } = context;
  return { ...context, location: { ...location, settings: { ...location.settings, field_authority: {} } } };
}

async function productsById({ db, location }: StoreContext, ids: readonly string[]): Promise<Map<string, ProductRow>> {
  const rows = ids.length === 0 ? [] : await loadProductsById(db, location.location_id, ids);
  return new Map(rows.map((row) => [row.product_id, row]));
}

/** Seen for the strain type, which Dutchie copies from the strain. null: it ignored nothing. */
function ignored(fields: PushFields, refused: ReturnType<typeof readAnswer>["refused"]): PushError | null {
  if (refused.length === 0) return null;
  const words = refused.map(({ field, value }) =>
    value === fields[field]?.base ? `kept ${field} as it was` : `has another ${field} now: ${value ?? "none"}`,
  );
  return {
    code: "REJECTED",
    message: `Dutchie answered without an error, but ${words.join(" and ")}`.slice(0, MAX_TEXT),
    hint: "Make the change in Dutchie.",
  };
}

const LAGGING: PushError = {
  code: "BAD_RESPONSE",
  message: "Dutchie's catalogue still shows the product as it was before its last change",
  hint: "Nothing to do: Dutchie's answers can be an hour old. ReUp sends the edit once they are current.",
};

const CONTRADICTORY: PushError = {
  code: "BAD_RESPONSE",
  message: "Dutchie's answer leaves out or changes fields of the product that have not changed since",
  hint: "Nothing was written, because these fields would be written, too. ReUp tries again. If the error stays, make the change in Dutchie.",
};

const isDoubtful = (known: ProductRow, rows: readonly IncomingProduct[]): boolean =>
  rows.some((row) => row.dutchie_product_id === known.dutchie_product_id && contradicts(row, dutchieSide(known)));

/** Whether the row for a whole write equals what is stored of the product. */
function isCurrent(dutchie: ProductRow, rows: readonly IncomingProduct[], dutchie_product_id: string): boolean {
  const row = rows.find((each) => each.dutchie_product_id === dutchie_product_id);
  if (row === undefined) return false;
  return Object.entries(row.content).every(([field, value]) => dutchie[field as keyof ProductContent] === value);
}

const written = (content: Partial<ProductContent>): Partial<ProductContent> =>
  Object.fromEntries(PUSH_FIELDS.flatMap((field) => (content[field] === undefined ? [] : [[field, content[field]]])));
