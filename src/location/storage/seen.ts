/** Ids that a snapshot lists. `dead`: those of them that are no longer live. */
type Listed = Record<"ids" | "dead", readonly string[]>;

/** The Location's table of the ids that the snapshot under way has listed. */
export class SeenTable {
  /**
   * Nothing but the snapshot has changed records since it began. Not stored: after an eviction nobody knows.
   */
  isUndisturbed = false;

  /** Most steps end without a stored list; false also when it is not known. */
  private isEmpty = false;
  /** What this call added. A snapshot that ends with the call is not written: each written row costs. */
  private fresh: Listed[] = [];

  constructor(private readonly sql: SqlStorage) {}

  add(ids: readonly string[], dead: readonly string[]): void {
    if (ids.length > 0) this.fresh.push({ ids, dead });
  }

  /** The end of a call: writes what it added. */
  flush(): void {
    for (const { ids, dead } of this.fresh) {
      this.sql.exec("insert into seen (ids, dead) values (?, ?)", JSON.stringify(ids), JSON.stringify(dead));
      this.isEmpty = false;
    }
    this.fresh = [];
  }

  all(): Set<string> {
    return this.idsOf("ids");
  }

  /** How many of the listed records are live; at least so many. */
  countLive(): number {
    const dead = this.idsOf("dead");
    return [...this.all()].filter((id) => !dead.has(id)).length;
  }

  /** A snapshot begins, or is over. */
  clear(): void {
    this.fresh = [];
    if (!this.isEmpty) this.sql.exec("delete from seen");
    this.isEmpty = true;
    this.isUndisturbed = true;
  }

  private idsOf(column: "ids" | "dead"): Set<string> {
    const ids = new Set(this.fresh.flatMap((listed) => listed[column]));
    if (this.isEmpty) return ids;
    for (const chunk of this.sql.exec<{ ids: string }>(`select ${column} as ids from seen`)) {
      for (const id of JSON.parse(chunk.ids) as string[]) ids.add(id);
    }
    return ids;
  }
}
