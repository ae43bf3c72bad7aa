import type { PushOutcome, TakenPush } from "../../contract/location.ts";
import { recordsDb } from "../../db/databases.ts";
import { loadProductsById } from "../../db/load-records.ts";
import type { LocationRow } from "../../db/schema.ts";
import { MAX_TEXT } from "../../domain/bounds.ts";
import { asBelieved } from "../../domain/clock.ts";
import {
  afterFailure,
  coalesce,
  contradicts,
  heard,
  judgePush,
  type PushError,
  type PushFields,
  pushEntries,
} from "../../domain/pushes/push.ts";
import { type Rendition, saidOf } from "../../domain/pushes/rendition.ts";
import type { IncomingProduct } from "../../domain/records/mapping.ts";
import { type ProductContent, PUSH_FIELDS } from "../../domain/records/model.ts";
import { dutchieSide } from "../../domain/records/overrides.ts";
import type { ProductRow } from "../../domain/records/records.ts";
import type { Read } from "../../domain/records/version.ts";
import { asOf } from "../../domain/records/version.ts";
import { applyRows } from "../records/apply.ts";
import { raiseAlert, resolveAlert } from "../status/alerts.ts";
import type { Store } from "../storage/store.ts";
import { openConflict } from "./edit-conflicts.ts";
import { endEdits } from "./edits.ts";
import type { Push } from "./outbox.ts";

/** Taken at once: one read of Dutchie serves all of them. */
const MAX_TAKEN = 20;

/** The steps of pushing, within the store's serial section: take, judge against what Dutchie says now, settle. */
export class Pushing {
  constructor(
    private readonly env: Env,
    private readonly store: Store,
    private readonly location: LocationRow,
    private readonly now: number,
  ) {}

  /** Pushes that are due, and since when Dutchie must be asked what changed in their products. */
  async take(): Promise<{ pushes: TakenPush[]; since: number; behind_ms: number }> {
    const taken = this.store.outbox.take(MAX_TAKEN, this.now);
    const rows = await this.products(taken.map(({ product_id }) => product_id));
    const floor = this.store.floors(this.now).products;
    const versionAt = (id: string) => {
      const row = rows.get(id);
      return row === undefined ? 0 : asBelieved(row, this.now).source_at;
    };
    const known = taken.map(({ product_id }) => Math.max(versionAt(product_id), floor));
    return {
      pushes: taken.map(({ push_id, dutchie_product_id, fields }) => ({ push_id, dutchie_product_id, fields })),
      since: Math.min(...known),
      behind_ms: this.store.behind(),
    };
  }

  /**
   * What is to be written, now that Dutchie was read again at `started_at`. `whole`: the rows that a write would rest
   * on; one that is older than what we know already is not written back (F07).
   */
  async judge(
    push_ids: readonly string[],
    rows: IncomingProduct[],
    started_at: number,
    whole: boolean,
  ): Promise<TakenPush[]> {
    const { outbox } = this.store;
    const read: Read = { kind: "snapshot", as_of: asOf("products", started_at, this.now), complete: false };
    const go: TakenPush[] = [];
    const pushes = push_ids.flatMap((id) => outbox.get(id) ?? []).filter(({ state }) => state === "sending");
    const product_ids = pushes.map(({ product_id }) => product_id);
    const before = whole ? await this.products(product_ids) : new Map<string, ProductRow>();
    const doubted = new Set([...before.values()].filter((row) => isDoubtful(row, rows)).map((row) => row.product_id));
    if (rows.length > 0) await this.apply(rows, read, { cause: "poll", ref: push_ids[0] ?? null });
    const products = await this.products(product_ids);
    for (const push of pushes) {
      const product = products.get(push.product_id);
      if (product === undefined || product.status === "deleted" || product.dutchie_product_id === null) {
        await this.cancel(push, "The product is no longer in Dutchie's catalogue.");
        continue;
      }
      const dutchie = dutchieSide(product);
      const verdict = judgePush(push.fields, dutchie, this.location.settings.field_authority, {
        sent: push.known_at !== null,
        written: outbox.ofProduct(push.product_id).flatMap((each) => each.written ?? []),
      });
      if (verdict.kind === "conflict") {
        await this.stop(push, verdict.conflicts);
      } else if (verdict.kind === "done") {
        await this.done(push, verdict.kept, "Dutchie says so already.");
      } else if (whole && !isCurrent(dutchie, rows, push.dutchie_product_id)) {
        await this.failed(push, LAGGING);
      } else if (doubted.has(push.product_id)) {
        await this.failed(push, CONTRADICTORY);
      } else {
        outbox.put({ ...push, known_at: product.source_at });
        go.push({ push_id: push.push_id, dutchie_product_id: push.dutchie_product_id, fields: verdict.fields });
      }
    }
    return go;
  }

  /** What became of the writes. */
  async settle(outcomes: readonly PushOutcome[]): Promise<void> {
    const { outbox } = this.store;
    for (const outcome of outcomes) {
      const push = outbox.get(outcome.push_id);
      if (push === null || push.state !== "sending") continue;
      const done = outcome.ok ? outcome : outcome.partly;
      if (done !== null) {
        const { content, written_at } = done;
        // What we wrote is Dutchie's word from the moment of writing: an older answer does not take it back (rule 1).
        const read: Read = { kind: "event", occurred_at: written_at, received_at: this.now };
        const incoming = { dutchie_product_id: push.dutchie_product_id, content, modified_at: null };
        await this.apply([incoming], read, { cause: "user", ref: push.push_id });
      }
      const answered = done && { written: written(done.content), answered_at: done.answered_at };
      const { kept, refused } = outcome.ok ? heard(push.fields, outcome.content) : { kept: [], refused: [] };
      const error = outcome.ok ? ignored(push.fields, refused) : outcome.error;
      if (error === null) await this.done({ ...push, ...answered }, kept, null);
      else await this.failed({ ...push, ...answered }, error);
    }
  }

  /** Again, now: a person asks. */
  async retry(push_id: string): Promise<Push | null> {
    const { outbox } = this.store;
    const push = outbox.get(push_id);
    if (push === null || (push.state !== "parked" && push.state !== "waiting")) return null;
    const again: Push = { ...push, state: "waiting", attempts: 0, next_at: this.now, updated_at: this.now };
    outbox.put(again);
    await this.judgeParked();
    return again;
  }

  async judgeParked(): Promise<void> {
    const parked = this.store.outbox.parked();
    const { location, env, now } = this;
    if (parked === 0) {
      await resolveAlert(env, location.location_id, ALERT, now);
      return;
    }
    const message = `${parked} ${parked === 1 ? "edit" : "edits"} could not be written to Dutchie: see Pushes.`;
    await raiseAlert(env, location, { ...ALERT, severity: "warning", message }, now);
  }

  private async done(push: Push, kept: readonly Rendition[], otherwise: string | null): Promise<void> {
    const { outbox } = this.store;
    await this.endEdits(push, push.fields);
    const reason = kept.length > 0 ? saidOf(kept) : otherwise;
    outbox.put({ ...push, state: "done", next_at: null, error: null, reason, updated_at: this.now });
    outbox.rebase(push.product_id, asKept(push.fields, kept));
  }

  private async cancel(push: Push, reason: string): Promise<void> {
    await this.endEdits(push, push.fields);
    this.store.outbox.put({ ...push, state: "cancelled", next_at: null, reason, updated_at: this.now });
  }

  private async stop(push: Push, conflicts: Parameters<typeof openConflict>[3]): Promise<void> {
    const fields = this.fold(push);
    const reason = "Changed in Dutchie while ReUp's edit was on its way.";
    await openConflict(this.db, this.location, push.product_id, conflicts, reason, this.now);
    // Dutchie's value is what counts until a person has decided.
    await this.endEdits(push, fields);
    this.store.outbox.put({ ...push, fields, state: "conflict", next_at: null, reason, updated_at: this.now });
  }

  private async failed(push: Push, failure: PushError): Promise<void> {
    const { attempts, next_at, error } = afterFailure(push, failure, this.now);
    const state = next_at === null ? "parked" : "waiting";
    const fields = this.fold(push);
    this.store.outbox.put({ ...push, fields, state, attempts, next_at, error, updated_at: this.now });
    if (state === "parked") await this.judgeParked();
  }

  /** Edits that were made while it was being sent become part of it, so that a product has one open push. */
  private fold(push: Push): PushFields {
    const { outbox } = this.store;
    let { fields } = push;
    for (const later of outbox.ofProduct(push.product_id)) {
      if (later.state !== "waiting" || later.push_id <= push.push_id) continue;
      fields = coalesce(fields, later.fields);
      const reason = `Joined ${push.push_id}, which is still on its way.`;
      outbox.put({ ...later, state: "cancelled", next_at: null, reason, updated_at: this.now });
    }
    return fields;
  }

  private endEdits(push: Push, fields: PushFields): Promise<void> {
    const { env, location, now } = this;
    return endEdits({ env, location, now, outbox: this.store.outbox }, push.product_id, fields, push.push_id);
  }

  private async apply(rows: IncomingProduct[], read: Read, origin: { cause: "poll" | "user"; ref: string | null }) {
    const { env, store, location, now } = this;
    const { location_id } = location;
    // Our own words are not held against themselves.
    const settings = origin.cause === "user" ? { ...location.settings, field_authority: {} } : location.settings;
    await applyRows(
      {
        db: recordsDb(env, location_id),
        location_id,
        settings,
        read,
        floors: store.floors(now),
        now,
        origin,
        write: true,
        outbox: store.outbox,
        pepper_id: null, // no sale is touched
      },
      { resource: "products", rows },
    );
  }

  private async products(ids: readonly string[]): Promise<Map<string, ProductRow>> {
    const rows = ids.length === 0 ? [] : await loadProductsById(this.db, this.location.location_id, ids);
    return new Map(rows.map((row) => [row.product_id, row]));
  }

  private get db() {
    return recordsDb(this.env, this.location.location_id);
  }
}

const ALERT = { rule: "push_parked", subject: "store" } as const;

/** Later edits of the product were made against what Dutchie has now. */
function asKept(fields: PushFields, kept: readonly Rendition[]): PushFields {
  const words = new Map(kept.map((each) => [each.field, each.kept]));
  return Object.fromEntries(
    pushEntries(fields).map(([field, entry]) => [field, { ...entry, value: words.get(field) ?? entry.value }]),
  );
}

/** Seen for the strain type, which Dutchie takes from the strain. null: it ignored nothing. */
function ignored(fields: PushFields, refused: ReturnType<typeof heard>["refused"]): PushError | null {
  if (refused.length === 0) return null;
  const words = refused.map(({ field, told }) =>
    told === fields[field]?.base ? `kept ${field} as it was` : `has another ${field} now: ${told ?? "none"}`,
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
  hint: "Nothing to do: its answers lag by up to an hour at times, and the edit is sent once they are current.",
};

const CONTRADICTORY: PushError = {
  code: "BAD_RESPONSE",
  message: "Dutchie's answer leaves out or changes fields of the product that have not changed since",
  hint: "Nothing was written, for these would be written along. It is tried again; if it stays, make the change in Dutchie.",
};

const isDoubtful = (known: ProductRow, rows: readonly IncomingProduct[]): boolean =>
  rows.some((row) => row.dutchie_product_id === known.dutchie_product_id && contradicts(row, dutchieSide(known)));

/** Does the row that a whole write rests on say what we know of the product? */
function isCurrent(dutchie: ProductRow, rows: readonly IncomingProduct[], dutchie_product_id: string): boolean {
  const row = rows.find((each) => each.dutchie_product_id === dutchie_product_id);
  if (row === undefined) return false;
  return Object.entries(row.content).every(([field, value]) => dutchie[field as keyof ProductContent] === value);
}

const written = (content: Partial<ProductContent>): Partial<ProductContent> =>
  Object.fromEntries(PUSH_FIELDS.flatMap((field) => (content[field] === undefined ? [] : [[field, content[field]]])));
