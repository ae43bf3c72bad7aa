import { chunks } from "../../db/bulk.ts";
import type { Absences, FloorById, SnapshotResource } from "../../domain/snapshots/absence.ts";

/** Ids of one stored row: of 250 characters at most each, far under the 2 MB that a row may have. */
const IDS_A_ROW = 1_000;

/** The Location's table of absent records that wait for a decision, or that a person decided to keep. */
export class AbsenceTable {
  constructor(private readonly sql: SqlStorage) {}

  get(resource: SnapshotResource): Absences {
    return { asked: this.ids(resource, "asked"), kept: this.ids(resource, "kept") };
  }

  put(resource: SnapshotResource, { asked, kept }: Absences): void {
    this.sql.exec("delete from absences where resource = ?", resource);
    this.add(resource, "asked", asked);
    this.add(resource, "kept", kept);
  }

  private ids(resource: SnapshotResource, state: keyof Absences): FloorById {
    const rows = this.sql
      .exec<{ floor: number; ids: string }>(
        "select floor, ids from absences where resource = ? and state = ?",
        resource,
        state,
      )
      .toArray();
    return new Map(rows.flatMap(({ floor, ids }) => (JSON.parse(ids) as string[]).map((id) => [id, floor] as const)));
  }

  private add(resource: SnapshotResource, state: keyof Absences, ids: FloorById): void {
    const byFloor = Map.groupBy(ids.keys(), (id) => ids.get(id) ?? 0);
    for (const [floor, those] of byFloor) {
      for (const chunk of chunks(those, IDS_A_ROW)) {
        this.sql.exec(
          "insert into absences (resource, state, floor, ids) values (?, ?, ?, ?)",
          resource,
          state,
          floor,
          JSON.stringify(chunk),
        );
      }
    }
  }
}
