/** The Location's table of the ids that the snapshot under way has listed. */
export class SeenTable {
  constructor(private readonly sql: SqlStorage) {}

  add(ids: readonly string[]): void {
    if (ids.length > 0) this.sql.exec("insert into seen (ids) values (?)", JSON.stringify(ids));
  }

  all(): Set<string> {
    const chunks = this.sql.exec<{ ids: string }>("select ids from seen").toArray();
    return new Set(chunks.flatMap((chunk) => JSON.parse(chunk.ids) as string[]));
  }

  clear(): void {
    this.sql.exec("delete from seen");
  }
}
