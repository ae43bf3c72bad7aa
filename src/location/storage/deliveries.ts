import type { Delivery } from "../../domain/feed/delivery.ts";

/** What each receiver got of this store's changes, by its subscription. Times in ms. */
export interface StoredDelivery extends Delivery {
  subscription_id: string;
  /** The state of the subscription that was taken over last. */
  changed_at: number;
}

const COLUMNS = [
  "subscription_id",
  "changed_at",
  "sequence",
  "upto",
  "failures",
  "failing_since",
  "next_at",
  "asked_at",
  "parked_at",
  "replays",
] as const satisfies readonly (keyof StoredDelivery)[];

export class DeliveryTable {
  /** The rows, which every call of the Location asks for and few write; null: not read since the last write. */
  private known: readonly StoredDelivery[] | null = null;

  constructor(private readonly sql: SqlStorage) {}

  list(): readonly StoredDelivery[] {
    this.known ??= this.sql
      .exec(`select ${COLUMNS} from deliveries order by subscription_id`)
      .toArray() as unknown as StoredDelivery[];
    return this.known;
  }

  get(subscription_id: string): StoredDelivery | null {
    return this.list().find((each) => each.subscription_id === subscription_id) ?? null;
  }

  /** One that is as it was is not written: each written row costs. */
  put(delivery: StoredDelivery): void {
    const stored = this.get(delivery.subscription_id);
    if (stored !== null && COLUMNS.every((column) => stored[column] === delivery[column])) return;
    const values = COLUMNS.map((column) => delivery[column]);
    this.write(`insert or replace into deliveries (${COLUMNS}) values (${COLUMNS.map(() => "?")})`, ...values);
  }

  /**
   * The store is disconnected: nothing is due. If it comes back, its receivers go on where they were, also one that was parked:
   * what showed that it failed is deleted.
   */
  stop(): void {
    this.write(
      "update deliveries set next_at = null, asked_at = null, failures = 0, failing_since = null, parked_at = null",
    );
  }

  remove(subscription_id: string): void {
    this.write("delete from deliveries where subscription_id = ?", subscription_id);
  }

  private write(sql: string, ...params: SqlStorageValue[]): void {
    this.known = null;
    this.sql.exec(sql, ...params);
  }
}
