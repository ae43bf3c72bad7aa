import { Api } from "../../scripts/support/api.ts";
import { developmentToken } from "../../scripts/support/development-token.ts";
import { webhookHeaders } from "../../simulator/webhooks/signature.ts";
import { Stage, type Store, until } from "./support.ts";

interface WebhookCounts {
  received: number;
  applied: number;
  duplicate: number;
  stale: number;
  invalid: number;
  missed: number;
}

export interface StatusView {
  state: string;
  last_success_at: string | null;
  next_sync_at: string | null;
  current_run: { run_id: string; state: string } | null;
  last_24h: { failed_runs: number; webhooks: WebhookCounts };
  records: { products: number; inventory: number; sales: number };
  queue: { pending_events: number; dead_letters: number };
  held_snapshot: { resource: string; rows: number } | null;
  open_reviews: number;
  last_error: { code: string; message: string; hint: string } | null;
}

export interface StockView {
  inventory_id: string;
  dutchie_inventory_id: string;
  product_id: string | null;
  room_name: string;
  quantity: number;
}

export interface ProductView {
  product_id: string;
  dutchie_product_id: string | null;
  product_name: string;
  status: string;
  quantity: number;
  merged_into: string | null;
}

/** A stage whose callers are many: the API allows one person 600 calls a minute, and tests that run side by side ask more. */
export async function openStage(vars: Record<string, string> = {}): Promise<Stage> {
  const stage = await Stage.open(vars);
  const { url } = stage.api; // a restart keeps it
  const claims = (n: number) => ({ retailer_id: "e2e", role: "admin" as const, sub: `person_${n}` });
  const tokens = await Promise.all(Array.from({ length: 40 }, (_, n) => developmentToken(claims(n))));
  let calls = 0;
  Object.defineProperty(stage, "api", { get: () => new Api(url, nth(tokens, calls++ % tokens.length)) });
  return stage;
}

/** Dutchie's clock, to be moved by the test: it runs `offset` ms ahead of ours (behind, when negative). */
export class DutchieClock {
  constructor(private offset: number) {}

  readonly now = (): number => Date.now() + this.offset;

  set(offset: number): void {
    this.offset = offset;
  }
}

export const MINUTE = 60_000;

/** A week of sales is one read of them; the usual sixty days would be nine. */
export const WEEK = { salesDays: 5, settings: { sales_history_days: 7 } };

/** A store that was imported whole; it has the real API unless another is given. */
export async function imported(stage: Stage, options: Parameters<Stage["connect"]>[0] = {}): Promise<Store> {
  const store = await stage.connect({ ...WEEK, profiles: ["pos"], ...options });
  const { state } = await store.sync("initial");
  if (state !== "completed") throw new Error(`The initial sync ended as ${state}.`);
  return store;
}

export const statusOf = (store: Store): Promise<StatusView> => store.get("/status");

export const stockOf = (stage: Stage, store: Store): Promise<StockView[]> =>
  stage.api.all(`/v1/locations/${store.id}/inventory`);

export const productsOf = (stage: Stage, store: Store): Promise<ProductView[]> =>
  stage.api.all(`/v1/locations/${store.id}/products?include_merged=true`);

/** The sum over a package's rooms. */
export async function quantityOf(stage: Stage, store: Store, id: number): Promise<number> {
  const rows = (await stockOf(stage, store)).filter((row) => row.dutchie_inventory_id === String(id));
  return rows.reduce((sum, row) => sum + row.quantity, 0);
}

/** Package id → what ReUp says lies in it; packages without stock are left out. */
export async function quantities(stage: Stage, store: Store): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  for (const { dutchie_inventory_id: id, quantity } of await stockOf(stage, store)) {
    if (quantity !== 0) sums.set(id, Math.round(((sums.get(id) ?? 0) + quantity) * 10_000) / 10_000);
  }
  return sums;
}

/** One of the first, for a test that needs any. */
export function nth<T>(rows: Iterable<T>, index: number): T {
  const row = [...rows][index];
  if (row === undefined) throw new Error(`There is no row ${index}.`);
  return row;
}

export interface Event {
  id: string;
  type: string;
  occurred_at?: string;
  data: unknown;
}

/** Delivers an event by hand, signed as Dutchie signs. */
export async function deliver(store: Store, event: Event, headers: Record<string, string> = {}): Promise<Response> {
  const { id, ...content } = event;
  const body = JSON.stringify(content);
  const signed = await webhookHeaders(store.webhook, id, Math.floor(Date.now() / 1000), body);
  return fetch(store.webhook.url, { method: "POST", headers: { ...signed, ...headers }, body });
}

export interface LedgerView {
  event_id: string;
  outcome: string;
  reason: string | null;
}

/** What the ledger says of an event once it is decided. */
export function settled(store: Store, event_id: string): Promise<LedgerView> {
  return until(
    () => store.get<LedgerView>(`/events/${event_id}`).catch(() => ({ event_id, outcome: "pending", reason: null })),
    ({ outcome }) => outcome !== "pending",
  );
}

/** Waits until every copy of every delivery so far has been decided, and `more` events that were delivered by hand. */
export async function allApplied(store: Store, more = 0): Promise<StatusView> {
  await store.dutchie.webhooks.idle();
  const delivered = store.dutchie.deliveries().filter(({ state }) => state === "delivered");
  const copies = delivered.reduce((sum, each) => sum + each.copies, more);
  return until(
    () => statusOf(store),
    ({ last_24h: { webhooks: w }, queue }) => queue.pending_events === 0 && w.received + w.duplicate >= copies,
  );
}
