import { sql } from "drizzle-orm";
import { MAX_LEDGER_LINES } from "../../domain/bounds.ts";
import type { QuantityChange, SoldLine } from "../../domain/records/ledger.ts";
import { changeId } from "../../domain/records/sequence.ts";
import { beganAt } from "../../domain/runs/run.ts";
import type { RecordsDb } from "../databases.ts";
import { familyOf } from "../family.ts";
import { ofPackages, thesePackages } from "../history.ts";
import { line } from "../sale-lines.ts";
import { entries, sales } from "../schema/records.ts";
import type { ListedInventory } from "./list-inventory.ts";

type ListedQuantity = QuantityChange & Pick<ListedInventory, "inventory_id" | "package_id" | "room_type" | "room_name">;

/** Changes before and behind a page that are read with it: more than one move has, and one sale can explain. */
const AROUND = 50;

/** A page of changes, newest first, and those around it. */
interface QuantityPage {
  newer: ListedQuantity[];
  changes: ListedQuantity[];
  older: ListedQuantity[];
}

/** Changes of the packages' quantities. An import's creations are not in the log: they are made from the packages. */
export async function listQuantities(
  db: RecordsDb,
  location_id: string,
  packages: readonly ListedInventory[],
  { after, limit }: { after: string | null; limit: number },
): Promise<QuantityPage> {
  const known = new Map(packages.map((row) => [row.inventory_id, row]));
  const logged = sql`from ${entries} where location_id = ${location_id}
    and ${ofPackages(location_id, thesePackages(location_id, [...known.keys()]))} and json_type(fields, '$.quantity') is not null`;
  const before = sql`fields ->> '$.quantity[0]' as before`;
  const columns = sql`change_id, at, cause, ref, record_id, ${before}, fields ->> '$.quantity[1]' as after`;
  const [later, found, firsts] = await Promise.all([
    after === null
      ? []
      : db.all<LoggedQuantity>(sql`select ${columns} ${logged} and change_id >= ${after}
          order by change_id limit ${AROUND}`),
    db.all<LoggedQuantity>(sql`select ${columns} ${logged} ${after === null ? sql`` : sql`and change_id < ${after}`}
      order by change_id desc limit ${limit + AROUND}`),
    // SQLite takes the other columns of a group with `min` from the row that has it.
    db.all<{ record_id: string; first: string; before: number | null }>(
      sql`select record_id, min(change_id) as first, ${before} ${logged} group by record_id`,
    ),
  ]);
  const first = new Map(firsts.map((row) => [row.record_id, row.before]));
  const created = packages.flatMap(({ inventory_id, created_by, quantity }): LoggedQuantity[] => {
    const after = first.has(inventory_id) ? (first.get(inventory_id) ?? null) : quantity;
    if (created_by === null || after === null || after === 0) return [];
    const at = beganAt(created_by);
    const change_id = changeId(at, inventory_id);
    return [{ change_id, at, cause: "initial", ref: created_by, record_id: inventory_id, before: null, after }];
  });
  const listed = (changes: readonly LoggedQuantity[]) =>
    changes.flatMap(({ record_id, ...change }): ListedQuantity[] => {
      const row = known.get(record_id);
      if (row === undefined) return [];
      const { inventory_id, package_id, room_type, room_name } = row;
      return [{ ...change, package: row.dutchie_inventory_id, inventory_id, package_id, room_type, room_name }];
    });
  const isNewer = ({ change_id }: LoggedQuantity) => after !== null && change_id >= after;
  const { newer = [], rest = [] } = Object.groupBy(
    [...later, ...found, ...created].sort((a, b) => (a.change_id < b.change_id ? 1 : -1)),
    (each) => (isNewer(each) ? "newer" : "rest"),
  );
  return {
    newer: listed(newer.slice(-AROUND)),
    changes: listed(rest.slice(0, limit)),
    older: listed(rest.slice(limit, limit + AROUND)),
  };
}

type LoggedQuantity = Omit<QuantityChange, "package"> & { record_id: string };

/** What was sold of a product and of those merged into it, in a span of time (ms). */
export async function soldBetween(
  db: RecordsDb,
  location_id: string,
  product_id: string,
  { from, to }: { from: number; to: number },
): Promise<SoldLine[]> {
  return db.all<SoldLine>(sql`
    select s.sale_id, 'Sale #' || s.dutchie_transaction_id as label, s.completed_at, ${line.quantity} as quantity
    from ${sales} s indexed by sales_completed, json_each(s.lines) i
    where s.location_id = ${location_id} and s.completed_at > ${from} and s.completed_at <= ${to}
      and not s.is_void and not s.is_return and ${line.product_id} in (${familyOf(location_id, product_id)}) and ${line.quantity} > 0
    order by s.completed_at desc limit ${MAX_LEDGER_LINES}`);
}
