/** What a call with an Idempotency-Key added. `body`: a hash of what it asked for. */
export interface Creation {
  body: string;
  product_id: string;
}

/** The Location's table of Idempotency-Keys, each of one caller. Times in ms. */
export class CreationTable {
  constructor(private readonly sql: SqlStorage) {}

  get(made_by: string, key: string): Creation | null {
    const found = this.sql.exec("select body, product_id from creations where made_by = ? and key = ?", made_by, key);
    const [creation] = found.toArray() as unknown as Creation[];
    return creation ?? null;
  }

  put(made_by: string, key: string, { body, product_id }: Creation, now: number): void {
    this.sql.exec("insert or replace into creations values (?, ?, ?, ?, ?)", made_by, key, body, product_id, now);
  }

  end(given: { before: number; limit: number }): number {
    return this.sql.exec(
      "delete from creations where (made_by, key) in (select made_by, key from creations where at < ? limit ?)",
      given.before,
      given.limit,
    ).rowsWritten;
  }
}
