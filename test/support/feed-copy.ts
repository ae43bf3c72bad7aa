import type { Api } from "../../scripts/support/api.ts";

interface Entry {
  sequence: number;
  resource: string;
  record_id: string;
  record: Record<string, unknown> | null;
}

interface Page {
  data: Entry[];
  sequence: number;
  has_more: boolean;
}

const LISTS = { products: "/products?include_merged=true", inventory: "/inventory", sales: "/sales" } as const;
const ID = { products: "product_id", inventory: "inventory_id", sales: "sale_id" } as const;
type Resource = keyof typeof LISTS;

/** Fields that follow from other records, and times of our own. */
const TIMES = ["source_updated_at", "updated_at"];
const FOLLOWING: Record<Resource, ReadonlySet<string>> = {
  products: new Set(["quantity", "pending", ...TIMES]),
  inventory: new Set(["product_name", "last_sync", ...TIMES]),
  sales: new Set(TIMES),
};

/** A receiver: it knows of a store only what the feed tells it. */
export class FeedCopy {
  private sequence = 0;
  private readonly records = new Map<string, string>();

  constructor(
    private readonly api: Api,
    /** Of the store. */
    private readonly path: (path: string) => string,
  ) {}

  /** One that reads the lists, and only then follows the feed, from where it was before. */
  static async ofLists(api: Api, path: (path: string) => string): Promise<FeedCopy> {
    const copy = new FeedCopy(api, path);
    const { head } = await api.get<{ head: number }>(path("/feed?limit=1"));
    copy.sequence = head;
    for (const [resource, list] of Object.entries(LISTS) as [Resource, string][]) {
      for (const row of await api.all<Record<string, unknown>>(path(list))) copy.set(String(row[ID[resource]]), row);
    }
    return copy;
  }

  /** Reads on from where it is. `pages`: at most so many. */
  async follow(limit: number, pages = Number.POSITIVE_INFINITY): Promise<void> {
    for (let page = 0; page < pages; page++) {
      const asked = this.path(`/feed?after=${this.sequence}&limit=${limit}`);
      const { data, sequence, has_more } = await this.api.get<Page>(asked);
      for (const entry of data) this.apply(entry);
      if (sequence < this.sequence) throw new Error(`The feed went back from ${this.sequence} to ${sequence}.`);
      this.sequence = sequence;
      if (!has_more) return;
    }
  }

  /** A record that came another way. */
  set(record_id: string, record: Record<string, unknown>): void {
    const resource = (Object.keys(ID) as Resource[]).find((each) => record[ID[each]] === record_id);
    if (resource !== undefined) this.records.set(`${resource} ${record_id}`, contentOf(resource, record));
  }

  /** A record that is not there any more. */
  remove(record_id: string): void {
    for (const resource of Object.keys(ID)) this.records.delete(`${resource} ${record_id}`);
  }

  private apply({ sequence, resource, record_id, record }: Entry): void {
    if (sequence <= this.sequence) throw new Error(`${sequence} came after ${this.sequence}.`);
    const key = `${resource} ${record_id}`;
    if (record === null) this.records.delete(key);
    else this.records.set(key, contentOf(resource as Resource, record));
  }

  /** Where the copy differs from the store's lists. */
  async differences(): Promise<string[]> {
    const seen = new Set<string>();
    const wrong: string[] = [];
    for (const [resource, list] of Object.entries(LISTS) as [Resource, string][]) {
      for (const row of await this.api.all<Record<string, unknown>>(this.path(list))) {
        const key = `${resource} ${row[ID[resource]]}`;
        seen.add(key);
        const [is, told] = [contentOf(resource, row), this.records.get(key)];
        if (is !== told) wrong.push(`${key}: ${differing(is, told)}`);
      }
    }
    return [
      ...wrong,
      ...[...this.records.keys()].filter((key) => !seen.has(key)).map((key) => `${key} is gone, untold`),
    ];
  }
}

/** The fields that differ: as the list shows them, and as the feed told. */
function differing(is: string, told: string | undefined): string {
  if (told === undefined) return "the feed told nothing of it";
  const before = new Map(JSON.parse(told) as [string, unknown][]);
  const fields = (JSON.parse(is) as [string, unknown][]).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before.get(field)),
  );
  return fields
    .map(([field, value]) => `${field} is ${JSON.stringify(value)}, told ${JSON.stringify(before.get(field))}`)
    .join("; ");
}

const contentOf = (resource: Resource, record: Record<string, unknown>): string =>
  JSON.stringify(
    Object.entries(record)
      .filter(([key]) => !FOLLOWING[resource].has(key))
      // The lines of a sale mean the same in any order.
      .map(([key, value]) => [key, Array.isArray(value) ? value.map((each) => JSON.stringify(each)).sort() : value])
      .sort(),
  );
