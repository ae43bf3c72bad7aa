import type { Loss, Losses, LossSubject, Shift } from "../../domain/snapshots/losses.ts";
import { shiftOf, type Value } from "../../domain/snapshots/shifts.ts";

/** Records of one value: how many have lost it or changed it beyond belief, and how many of these are not counted yet. */
export interface LossCount {
  lost: number;
  fresh: number;
}

/**
 * The Location's table of records that recently lost a value, or changed it beyond belief. Each record and value has one row, so
 * a step that is repeated after a crash counts it once. When a record gets its value back, its row is deleted.
 */
export class LossTable {
  /** Of which values there are rows. Nearly always there are none, and then nothing has to be asked; null: not known. */
  private subjects: Set<string> | null = null;

  constructor(private readonly sql: SqlStorage) {}

  note({ losses, shifts }: Losses, now: number): void {
    this.noteLost(losses, now);
    for (const shift of shifts) if (shift.values.length > 0) this.noteShift(shift, now);
  }

  /** A record that is far from a value has a row with that value, until it is near it again. */
  private noteShift({ subject, values }: Shift, now: number): void {
    const ids = JSON.stringify(values.map(({ id }) => id));
    const rows = this.hasNone(subject)
      ? []
      : this.sql
          .exec<{ id: string; was: string }>(
            "select id, was from losses where subject = ? and id in (select value from json_each(?))",
            subject,
            ids,
          )
          .toArray();
    const first = new Map(rows.map(({ id, was }) => [id, JSON.parse(was) as Value]));
    const { isBack } = shiftOf(subject);
    const back = values.flatMap(({ id, is }) => (first.has(id) && isBack(first.get(id) ?? is, is) ? [id] : []));
    const isBackNow = new Set(back);
    // One that is far from its value already, and changes as far again, is new again.
    const far = values.filter((value) => value.far && !isBackNow.has(value.id));
    if (far.length > 0) {
      this.known().add(subject);
      this.sql.exec(
        `insert into losses (subject, id, at, fresh, was) select ?, value ->> '$.id', ?, 1, value -> '$.was' from json_each(?)
         where true on conflict do update set at = excluded.at, fresh = 1`,
        subject,
        now,
        JSON.stringify(far.map(({ id, was }) => ({ id, was }))),
      );
    }
    if (back.length > 0) this.remove(subject, back);
  }

  private remove(subject: LossSubject, ids: readonly string[]): void {
    this.subjects = null;
    this.sql.exec(
      "delete from losses where subject = ? and id in (select value from json_each(?))",
      subject,
      JSON.stringify(ids),
    );
  }

  private noteLost(losses: readonly Loss[], now: number): void {
    for (const { subject, lost, present } of losses) {
      if (present.length > 0 && !this.hasNone(subject)) this.remove(subject, present);
      if (lost.length === 0) continue;
      this.known().add(subject);
      this.sql.exec(
        "insert or replace into losses (subject, id, at, fresh, was) select ?, value, ?, 1, null from json_each(?)",
        subject,
        now,
        JSON.stringify(lost),
      );
    }
  }

  count(subject: LossSubject): LossCount {
    if (this.hasNone(subject)) return { lost: 0, fresh: 0 };
    return this.sql
      .exec<{ lost: number; fresh: number }>(
        "select count(*) as lost, coalesce(sum(fresh), 0) as fresh from losses where subject = ?",
        subject,
      )
      .one();
  }

  /** Whether some have not been counted yet. */
  isAnyFresh(): boolean {
    return this.known().size > 0 && this.sql.exec("select 1 from losses where fresh = 1 limit 1").toArray().length > 0;
  }

  /** They were counted: a list has come to its end, or they have waited for one long enough. */
  counted(subject: LossSubject): void {
    if (this.hasNone(subject)) return;
    this.sql.exec("update losses set fresh = 0 where subject = ? and fresh = 1", subject);
  }

  /** Those that were counted and lost by `until`. */
  forget(subject: LossSubject, until: number): void {
    if (this.hasNone(subject)) return;
    this.subjects = null;
    this.sql.exec("delete from losses where subject = ? and fresh = 0 and at <= ?", subject, until);
  }

  private hasNone(subject: LossSubject): boolean {
    return !this.known().has(subject);
  }

  private known(): Set<string> {
    this.subjects ??= new Set(
      this.sql
        .exec<{ subject: string }>("select distinct subject from losses")
        .toArray()
        .map((row) => row.subject),
    );
    return this.subjects;
  }
}
