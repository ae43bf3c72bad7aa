import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { accountsDb, recordsDb } from "../../../src/db/databases.ts";
import { alerts, type LocationRow } from "../../../src/db/schema/accounts.ts";
import { entries, inventory, products } from "../../../src/db/schema/records.ts";
import type { IncomingProduct } from "../../../src/domain/records/mapping.ts";
import { nameKey, skuKey, upcKey } from "../../../src/domain/values/identifiers.ts";
import { searchText } from "../../../src/domain/values/search.ts";
import type { StoreContext } from "../../../src/location/context.ts";
import type { Store } from "../../../src/location/storage/store.ts";
import { locationStub } from "../../../src/location/stub.ts";
import { call, seedStore, token } from "../api/support.ts";

export const T0 = Date.parse("2026-10-01T00:00:00Z");
type Product = typeof products.$inferInsert;

export interface ReviewView {
  review_id: string;
  kind: string;
  subject: string;
  state: string;
  reason: string;
  action: string | null;
  into: string | null;
  resolved_by: string | null;
  resolved_reason: string | null;
  undone: { by: string; reason: string | null; at: string } | null;
  held_rows: number | null;
  candidates: { product_id?: string; record_id?: string; quantity?: number; packages?: number; upc?: string | null }[];
  preview: {
    product_id: string;
    quantity: number;
    packages: number;
    fields: Record<string, { value: unknown; from: string | null }>;
  } | null;
}

let events = 0;

/** A review without the times of its products' last writes. */
export const timeless = (review: ReviewView): ReviewView => ({
  ...review,
  candidates: review.candidates.map((each) => ({ ...each, updated_at: null })),
});

/** A store of its own in the real runtime, fed through its Location as webhooks are. */
export class ReviewStore {
  private constructor(
    readonly row: LocationRow,
    private readonly jwt: string,
  ) {}

  static async open(given: Partial<LocationRow> = {}): Promise<ReviewStore> {
    const { row } = await seedStore(given);
    return new ReviewStore(row, await token({ role: "manager", sub: "ann" }));
  }

  get db() {
    return recordsDb(env, this.row);
  }

  /** A webhook states a product. */
  async tell(dutchie_product_id: string, content: IncomingProduct["content"]): Promise<void> {
    const at = T0 + events++;
    const rows: IncomingProduct[] = [{ dutchie_product_id, content, modified_at: at }];
    const event = { event_id: `evt_${events}`, type: "product.updated", occurred_at: at, received_at: at };
    await locationStub(env, this.row.location_id).receive([
      { ...event, rows: { resource: "products", rows }, failures: [], body: {} },
    ]);
  }

  /** A webhook states several products at once. */
  async notifyAll(ids: readonly number[], content: (id: number) => IncomingProduct["content"]): Promise<void> {
    const at = T0 + events++;
    const rows: IncomingProduct[] = ids.map((id) => ({
      dutchie_product_id: String(id),
      content: content(id),
      modified_at: at,
    }));
    const event = { event_id: `evt_${events}`, type: "product.updated", occurred_at: at, received_at: at };
    await locationStub(env, this.row.location_id).receive([
      { ...event, rows: { resource: "products", rows }, failures: [], body: {} },
    ]);
  }

  async own(product_id: string, over: Partial<Product>): Promise<void> {
    const version = { source_at: 0, source_rank: 0, content_hash: "", updated_at: T0 } as const;
    await this.db.insert(products).values({
      location_id: this.row.location_id,
      product_id,
      product_name: product_id,
      status: "active",
      source: "reup",
      sku_key: skuKey(over.sku),
      upc_key: upcKey(over.upc),
      name_key: nameKey(over.product_name ?? product_id),
      search: searchText({ product_name: product_id, brand: null, sku: null, upc: null, ...over }),
      ...version,
      ...over,
    });
  }

  /** A webhook states a package with its product, known or unknown. */
  async stock(dutchie_product_id: string, dutchie_inventory_id: string, quantity: number, sku: string | null = null) {
    const at = T0 + events++;
    const hint = {
      dutchie_product_id,
      product_name: null,
      sku,
      upc: null,
      brand: null,
      category: null,
      subcategory: null,
    };
    const rows = [
      {
        dutchie_inventory_id,
        content: { dutchie_product_id, sku },
        quantity,
        cells: [{ room_name: "Vault", room_type: "vault" as const, quantity }],
        scope: "package" as const,
        hint,
        modified_at: at,
      },
    ];
    const event = { event_id: `evt_${events}`, type: "inventory.updated", occurred_at: at, received_at: at };
    await locationStub(env, this.row.location_id).receive([
      { ...event, rows: { resource: "inventory", rows }, failures: [], body: {} },
    ]);
  }

  call(method: string, path: string, body?: unknown): Promise<Response> {
    const given = { token: this.jwt, ...(body === undefined ? {} : { body }) };
    return call(method, `/v1/locations/${this.row.location_id}${path}`, given);
  }

  async reviews(query = ""): Promise<ReviewView[]> {
    return (await (await this.call("GET", `/reviews${query}`)).json<{ data: ReviewView[] }>()).data;
  }

  async review(query = ""): Promise<ReviewView> {
    const [first, ...others] = await this.reviews(query);
    if (first === undefined || others.length > 0) throw new Error(`one review expected, ${others.length + 1} found`);
    return first;
  }

  async resolve(review_id: string, body: object): Promise<ReviewView> {
    const response = await this.call("POST", `/reviews/${review_id}/resolve`, body);
    if (response.status !== 200) throw new Error(await response.text());
    return response.json();
  }

  async undo(review_id: string, body?: object): Promise<ReviewView> {
    const response = await this.call("POST", `/reviews/${review_id}/undo`, body);
    if (response.status !== 200) throw new Error(await response.text());
    return response.json();
  }

  /** A person links a product; null: unlinks it. */
  link(product_id: string, dutchie_product_id: string | null, reason?: string): Promise<Response> {
    return this.call("PUT", `/products/${product_id}/link`, {
      dutchie_product_id,
      ...(reason !== undefined && { reason }),
    });
  }

  async product(product_id: string): Promise<Record<string, unknown> & { inventory: { quantity: number }[] }> {
    return (await this.call("GET", `/products/${product_id}`)).json();
  }

  /** All rows without the time of their last write. */
  async state() {
    const here = eq(products.location_id, this.row.location_id);
    const all = await this.db.select().from(products).where(here).orderBy(products.product_id);
    const stock = await this.db.select().from(inventory).where(eq(inventory.location_id, this.row.location_id));
    return { products: all.map(({ updated_at: _, ...row }) => row), stock };
  }

  changes() {
    return this.db.select().from(entries).where(eq(entries.location_id, this.row.location_id));
  }

  alerts() {
    return accountsDb(env).select().from(alerts).where(eq(alerts.location_id, this.row.location_id));
  }
}

/** Runs within the store's Location, at this time. */
export const within = <T>(store: ReviewStore, now: number, task: (context: StoreContext) => Promise<T>) =>
  runInDurableObject(env.LOCATION.get(env.LOCATION.idFromName(store.row.location_id)), (instance) =>
    task({
      env,
      db: store.db,
      store: (instance as unknown as { store: Store }).store,
      location: store.row,
      now,
      rowWritten: () => {},
    }),
  );
