/** A number that triggers keep (migrations.ts). */
export function countOf(sql: SqlStorage, what: "pending_events" | "open_pushes" | "parked_pushes"): number {
  return Number(sql.exec("select n from counts where what = ?", what).one().n);
}
