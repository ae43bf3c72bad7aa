import type { Loss, LossSubject } from "../../domain/snapshots/losses.ts";

/** Records of one value: how many have lost it, and how many of these no read has counted yet. */
export interface LossCount {
  lost: number;
  fresh: number;
}

/**
 * The Location's table of records that recently lost a value. Each record and value has one row, so a step that is repeated after
 * a crash counts it once. When a record gets its value back, its row is deleted.
 */
export class LossTable {
  constructor(private readonly sql: SqlStorage) {}

  note(losses: readonly Loss[], now: number): void {
    const isEmpty = this.sql.exec("select 1 from losses limit 1").toArray().length === 0;
    for (const { subject, lost, present } of losses) {
      if (lost.length > 0)
        this.sql.exec(
          "insert or replace into losses (subject, id, at, fresh) select ?, value, ?, 1 from json_each(?)",
          subject,
          now,
          JSON.stringify(lost),
        );
      if (!isEmpty && present.length > 0)
        this.sql.exec(
          "delete from losses where subject = ? and id in (select value from json_each(?))",
          subject,
          JSON.stringify(present),
        );
    }
  }

  count(subject: LossSubject): LossCount {
    return this.sql
      .exec<{ lost: number; fresh: number }>(
        "select count(*) as lost, coalesce(sum(fresh), 0) as fresh from losses where subject = ?",
        subject,
      )
      .one();
  }

  /** A read has come to its end, and they were counted. */
  counted(subject: LossSubject): void {
    this.sql.exec("update losses set fresh = 0 where subject = ? and fresh = 1", subject);
  }

  /** Those that were counted and lost by `until`. */
  forget(subject: LossSubject, until: number): void {
    this.sql.exec("delete from losses where subject = ? and fresh = 0 and at <= ?", subject, until);
  }
}
