import { isFar, type Loss, type Losses, type LossSubject, type Shift } from "../../domain/snapshots/losses.ts";

/** Records of one value: how many have lost it or changed it beyond belief, and how many of these no read has counted yet. */
export interface LossCount {
  lost: number;
  fresh: number;
}

/**
 * The Location's table of records that recently lost a value, or changed it beyond belief. Each record and value has one row, so
 * a step that is repeated after a crash counts it once. When a record gets its value back, its row is deleted.
 */
export class LossTable {
  /** Nearly always there are none, and then nothing has to be asked; null: not known. */
  private isEmpty: boolean | null = null;

  constructor(private readonly sql: SqlStorage) {}

  note({ losses, shifts }: Losses, now: number): void {
    this.noteLost(losses, now);
    for (const shift of shifts) if (shift.values.length > 0) this.noteShift(shift, now);
  }

  /** A record that is far from a value has a row with that value, until it is near it again. */
  private noteShift({ subject, values }: Shift, now: number): void {
    const ids = JSON.stringify(values.map(({ id }) => id));
    const rows = this.hasNone()
      ? []
      : this.sql
          .exec<{ id: string; was: string }>(
            "select id, was from losses where subject = ? and id in (select value from json_each(?))",
            subject,
            ids,
          )
          .toArray();
    const first = new Map(rows.map(({ id, was }) => [id, JSON.parse(was) as number | string]));
    const back = values.flatMap(({ id, is }) => (first.has(id) && !isFar(first.get(id) ?? is, is) ? [id] : []));
    const far = values.filter(({ id, was, is }) => !first.has(id) && isFar(was, is));
    if (far.length > 0) {
      this.isEmpty = false;
      this.sql.exec(
        `insert or replace into losses (subject, id, at, fresh, was)
         select ?, value ->> '$.id', ?, 1, value -> '$.was' from json_each(?)`,
        subject,
        now,
        JSON.stringify(far),
      );
    }
    if (back.length > 0) this.remove(subject, back);
  }

  private remove(subject: LossSubject, ids: readonly string[]): void {
    this.isEmpty = null;
    this.sql.exec(
      "delete from losses where subject = ? and id in (select value from json_each(?))",
      subject,
      JSON.stringify(ids),
    );
  }

  private noteLost(losses: readonly Loss[], now: number): void {
    const wasEmpty = this.hasNone();
    for (const { subject, lost, present } of losses) {
      if (lost.length > 0) {
        this.isEmpty = false;
        this.sql.exec(
          "insert or replace into losses (subject, id, at, fresh, was) select ?, value, ?, 1, null from json_each(?)",
          subject,
          now,
          JSON.stringify(lost),
        );
      }
      if (!wasEmpty && present.length > 0) this.remove(subject, present);
    }
  }

  count(subject: LossSubject): LossCount {
    if (this.hasNone()) return { lost: 0, fresh: 0 };
    return this.sql
      .exec<{ lost: number; fresh: number }>(
        "select count(*) as lost, coalesce(sum(fresh), 0) as fresh from losses where subject = ?",
        subject,
      )
      .one();
  }

  /** A read has come to its end, and they were counted. */
  counted(subject: LossSubject): void {
    if (this.hasNone()) return;
    this.sql.exec("update losses set fresh = 0 where subject = ? and fresh = 1", subject);
  }

  /** Those that were counted and lost by `until`. */
  forget(subject: LossSubject, until: number): void {
    if (this.hasNone()) return;
    this.isEmpty = null;
    this.sql.exec("delete from losses where subject = ? and fresh = 0 and at <= ?", subject, until);
  }

  private hasNone(): boolean {
    this.isEmpty ??= this.sql.exec("select 1 from losses limit 1").toArray().length === 0;
    return this.isEmpty;
  }
}
