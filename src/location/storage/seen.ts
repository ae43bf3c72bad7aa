/** The Location's table of the ids that the snapshot under way has listed. */
export class SeenTable {
  /**
   * Nothing but the snapshot has changed records since it began. Not stored: after an eviction nobody knows.
   */
  isUndisturbed = false;

  /** Most steps end without a list; false also when it is not known. */
  private isEmpty = false;

  constructor(private readonly sql: SqlStorage) {}

  /** `dead`: those of them that are no longer live. */
  add(ids: readonly string[], dead: readonly string[]): void {
    if (ids.length === 0) return;
    this.isEmpty = false;
    this.sql.exec("insert into seen (ids, dead) values (?, ?)", JSON.stringify(ids), JSON.stringify(dead));
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
    if (!this.isEmpty) this.sql.exec("delete from seen");
    this.isEmpty = true;
    this.isUndisturbed = true;
  }

  private idsOf(column: "ids" | "dead"): Set<string> {
    const chunks = this.sql.exec<{ ids: string }>(`select ${column} as ids from seen`).toArray();
    return new Set(chunks.flatMap((chunk) => JSON.parse(chunk.ids) as string[]));
  }
}
