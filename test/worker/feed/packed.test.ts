import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import { bulkUpsert } from "../../../src/db/bulk.ts";
import { logInsert } from "../../../src/db/change-log.ts";
import { type RecordsDb, recordsDb } from "../../../src/db/databases.ts";
import { type ChangeFilter, listChanges } from "../../../src/db/queries/list-changes.ts";
import { listInventory } from "../../../src/db/queries/list-inventory.ts";
import { listQuantities } from "../../../src/db/queries/list-ledger.ts";
import { headOf, readFeed } from "../../../src/db/queries/read-feed.ts";
import { listStockAt } from "../../../src/db/queries/stock-at.ts";
import { inventory } from "../../../src/db/schema/records.ts";
import { writeBatch } from "../../../src/db/write.ts";
import { FEED_RESOURCES } from "../../../src/domain/feed/entries.ts";
import { logRowsOf } from "../../../src/domain/feed/log-rows.ts";
import type { Change, Named } from "../../../src/domain/records/change.ts";
import { linkHistory } from "../../../src/domain/records/history.ts";
import { firstSequence, numberChanges, sequenceOf } from "../../../src/domain/records/sequence.ts";
import { inventoryRow } from "../../unit/domain/build.ts";

/**
 * The same log twice: as it is written, with rows of several entries, and with a row for each entry. Whoever reads it must not see a
 * difference.
 */
const AT = Date.UTC(2026, 10, 26);
const MINUTE = 60_000;
const PACKAGES = ["1", "2", "3", "4", "5"];
const idOf = (name: string) => inventoryRow("Vault", 0, { dutchie_inventory_id: name }).inventory_id;

/** What one batch changes: packages, a product between them, and how many new sales. */
interface Batch {
  stock: [name: string, quantity: number][];
  product: boolean;
  sales: number;
  minutes: number;
}

let stores = 0;

async function writtenTwice(batches: readonly Batch[]) {
  const location_id = `packed_${stores++}`;
  const [packed, single] = ["00", "01"].map((shard) => recordsDb(env, { location_id, shard })) as [
    RecordsDb,
    RecordsDb,
  ];
  const rows = new Map(PACKAGES.map((name) => [name, inventoryRow("Vault", 0, { dutchie_inventory_id: name })]));
  let head = 0;
  let at = AT;
  for (const [n, { stock, product, sales, minutes }] of batches.entries()) {
    at += minutes * MINUTE;
    const origin = { cause: "webhook", ref: `evt_${n}`, at } as const;
    const changes = stock.flatMap(([name, quantity], index): Change[] => {
      const row = rows.get(name);
      if (row === undefined || row.quantity === quantity) return [];
      const fields = { quantity: [row.quantity, quantity] } satisfies Change["fields"];
      rows.set(name, { ...row, quantity });
      const change = { ...origin, digest: `d${n}-${index}`, source_at: at };
      const ofStock = { ...change, resource: "inventory", record_id: row.inventory_id, fields } as const;
      return product && index === 1 ? [ofStock, { ...ofStock, resource: "products", record_id: "prd_1" }] : [ofStock];
    });
    const ids = Array.from({ length: sales }, (_, index) => `sale_${n}_${index}`);
    const named: Named[] = ids.length === 0 ? [] : [{ ...origin, resource: "sales", ids }];
    const linked = linkHistory([...rows.values()], numberChanges(changes, head));
    for (const row of linked.rows) rows.set(row.dutchie_inventory_id, row);
    const stored = bulkUpsert(
      inventory,
      linked.rows.map((row) => ({ location_id, ...row })),
      "differs",
    );
    const together = logRowsOf(linked.changes, named, head);
    await writeBatch(packed, [...logInsert(location_id, together), ...stored]);
    const last = linked.changes.at(-1);
    const alone = [
      ...linked.changes.flatMap((change) => logRowsOf([change], [], 0)),
      ...logRowsOf([], named, last === undefined ? head : sequenceOf(last.change_id)),
    ];
    await writeBatch(single, [...alone.flatMap((row) => logInsert(location_id, [row])), ...stored]);
    head = await headOf(packed, location_id);
    expect(await headOf(single, location_id)).toBe(head);
  }
  return { location_id, packed, single, head, at };
}

/** All pages of the change log, each of `limit`, from the newest on. */
async function pagesOf(db: RecordsDb, location_id: string, filter: ChangeFilter, limit: number) {
  const all = [];
  for (let after: string | null = null; ; ) {
    const page = await listChanges(db, location_id, filter, { after, limit });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined) return all;
    after = last.change_id;
  }
}

async function feedOf(
  db: RecordsDb,
  location_id: string,
  head: number,
  resources: readonly ("sales" | "inventory" | "products")[],
  limit: number,
) {
  const all = [];
  for (let after = 0; ; ) {
    const { entries, more } = await readFeed(db, location_id, { after, head, resources, limit });
    all.push(
      ...entries.map(({ sequence, resource, record_id, fields, cause, ref, at }) => ({
        sequence,
        resource,
        record_id,
        fields,
        cause,
        ref,
        at,
      })),
    );
    const last = entries.at(-1);
    if (!more || last === undefined) return all;
    after = last.sequence;
  }
}

const batch: fc.Arbitrary<Batch> = fc.record({
  stock: fc.array(fc.tuple(fc.constantFrom(...PACKAGES), fc.integer({ min: 0, max: 9 })), { maxLength: 40 }),
  product: fc.boolean(),
  sales: fc.constantFrom(0, 0, 1, 2, 40),
  minutes: fc.constantFrom(0, 0, 1, 60),
});

it("a log whose rows have several entries is read as one with a row for each", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(batch, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(1, 2, 7, 33),
      async (batches, limit) => {
        const { location_id, packed, single, head, at } = await writtenTwice(batches);
        const both = async (read: (db: RecordsDb) => Promise<unknown>) =>
          expect(await read(packed)).toEqual(await read(single));
        for (const filter of [
          {},
          { resource: "inventory" },
          { resource: "products" },
          { record_id: "prd_1" },
          { record_id: idOf("2") },
          { since: at - MINUTE },
        ]) {
          await both((db) => pagesOf(db, location_id, filter, limit));
        }
        for (const resources of [FEED_RESOURCES, ["products"], ["sales"]] as const) {
          await both((db) => feedOf(db, location_id, head, resources, limit));
        }
        await both((db) => listStockAt(db, location_id, at, { after: null, limit: 3 }));
        await both((db) => listStockAt(db, location_id, AT + MINUTE, { after: null, limit: 3 }));
        await both(async (db) => {
          const stock = await listInventory(db, location_id, {}, { after: null, limit: 9 });
          return listQuantities(db, location_id, stock, { after: null, limit: 9 });
        });
      },
    ),
    { numRuns: 12 },
  );
});

it("a history ends where its older rows were deleted, within a row, too", async () => {
  const stock = (quantity: number): Batch => ({
    stock: PACKAGES.map((name) => [name, quantity]),
    product: false,
    sales: 0,
    minutes: 1,
  });
  const { location_id, packed } = await writtenTwice([stock(1), stock(2), stock(3)]);
  const history = async () =>
    (await pagesOf(packed, location_id, { record_id: idOf("3") }, 2)).map(({ fields }) => fields.quantity);
  expect(await history()).toEqual([
    [2, 3],
    [1, 2],
    [0, 1],
  ]);
  await packed.$client
    .prepare("delete from changes where location_id = ? and change_id < ?")
    .bind(location_id, String(firstSequence(AT + 2 * MINUTE)))
    .run();
  expect(await history()).toEqual([
    [2, 3],
    [1, 2],
  ]);
});
