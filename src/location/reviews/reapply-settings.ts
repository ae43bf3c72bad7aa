import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { bulkUpsert, chunks } from "../../db/bulk.ts";
import type { RecordsDb } from "../../db/databases.ts";
import { loadRooms } from "../../db/load-records.ts";
import { prepared } from "../../db/prepared.ts";
import { products, reviews, rooms } from "../../db/schema/records.ts";
import { productsUpsert } from "../../db/statements.ts";
import { writeBatch } from "../../db/write.ts";
import { authorityOf } from "../../domain/pushes/push.ts";
import { changeOf, diff } from "../../domain/records/decide.ts";
import { inReUpsWords } from "../../domain/records/reup-words.ts";
import { AUTO, BY_RULE, duplicateReviewId } from "../../domain/reviews/review.ts";
import { type AppliedSettings, appliedSettings } from "../../domain/settings.ts";
import { judgeRoom } from "../../domain/snapshots/name-rooms.ts";
import { skuKey } from "../../domain/values/identifiers.ts";
import { log } from "../../platform/log.ts";
import type { StoreContext } from "../context.ts";
import { resolveConflict } from "../pushes/edit-conflicts.ts";
import { decideSkus } from "../records/duplicates.ts";
import { placeStock } from "../records/place-stock.ts";
import { countWords } from "../records/unmapped.ts";
import { writeRecords } from "../records/write-records.ts";

/** SKUs, and rows of packages, in one batch: far below the limit of a D1 statement. */
const SKUS_A_BATCH = 200;
const ROWS_A_BATCH = 500;

/** When to try again after applying settings failed, ms: D1 is usually back in a minute. */
const REAPPLY_AGAIN_MS = 60_000;

/** Applies changed settings to the stored records. If that fails, the timer tries again. */
export async function reapplySettings(context: StoreContext): Promise<void> {
  const { store, location, now } = context;
  if (JSON.stringify(store.get("applied_settings")) === JSON.stringify(appliedSettings(location.settings))) {
    store.remove("reapply_at");
    return;
  }
  store.put("reapply_at", now + REAPPLY_AGAIN_MS);
  try {
    await reapply(context);
  } catch (error) {
    log("settings_not_applied", { location_id: location.location_id, cause: error });
  }
}

/** The timer, after a failure. */
export async function reapplyDue(context: StoreContext): Promise<void> {
  if ((context.store.get("reapply_at") ?? Infinity) <= context.now) await reapplySettings(context);
}

/**
 * Changes the stored records as if the settings had always been these. Decisions of people stay. Works in batches; after a
 * crash all of it is done again, with the same result.
 */
async function reapply(context: StoreContext): Promise<void> {
  const { store } = context;
  const before = store.get("applied_settings");
  const after = appliedSettings(context.location.settings);
  const isChanged = (key: keyof AppliedSettings) => JSON.stringify(before?.[key]) !== JSON.stringify(after[key]);
  if (isChanged("duplicate_sku")) await reapplyDuplicates(context);
  const isNewTable = isChanged("vocabulary");
  if (isChanged("room_types") || isNewTable) await reapplyRooms(context);
  if (isChanged("categories") || isNewTable) await reapplyCategories(context);
  if (isChanged("room_types") || isChanged("categories") || isNewTable) {
    store.put("words_due", true);
    await countWords(context);
  }
  if (isChanged("field_authority")) await reapplyConflicts(context);
  store.put("applied_settings", after);
  store.remove("reapply_at");
}

async function reapplyDuplicates(context: StoreContext): Promise<void> {
  const { db, location, now } = context;
  const { location_id } = location;
  const asked = await db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.kind, "duplicate_sku")));
  const shared = await db
    .select({ sku: sql<string>`${products.sku_key}` })
    .from(products)
    .where(and(eq(products.location_id, location_id), sql`${products.sku_key} is not null`))
    .groupBy(products.sku_key)
    .having(sql`count(*) > 1`);
  const isOurs = ({ review_id, subject }: (typeof asked)[number]) =>
    skuKey(subject) !== null && review_id === duplicateReviewId(subject);
  const skus = new Set([
    ...shared.map(({ sku }) => sku),
    ...asked.filter(isOurs).flatMap((row) => skuKey(row.subject) ?? []),
  ]);
  for (const some of chunks([...skus], SKUS_A_BATCH)) {
    const decided = await decideSkus(context, some, []);
    await writeRecords(context, decided.statements, decided);
  }
  // Merged or asked about under a SKU that means none.
  const merged = await mergedWithoutSku(db).all({ location_id });
  const freed = await decideSkus(context, [], merged);
  const over = { state: "resolved", reason: "No longer a duplicate.", resolved_at: now, resolved_by: AUTO } as const;
  const closed = asked.filter((row) => row.state === "open" && !isOurs(row)).map((row) => ({ ...row, ...over }));
  await writeRecords(context, [...freed.statements, ...bulkUpsert(reviews, closed, "differs")], freed);
}

const mergedWithoutSku = prepared((db: RecordsDb) =>
  db
    .select()
    .from(products)
    .where(
      and(
        eq(products.location_id, sql.placeholder("location_id")),
        sql`${products.merged_into} is not null`,
        isNull(products.sku_key),
      ),
    )
    .prepare(),
);

/** Room types follow from the rooms' names and flags, so stored rooms and their stock are mapped again without reading Dutchie. */
async function reapplyRooms(context: StoreContext): Promise<void> {
  const { db, location, now } = context;
  const { location_id, settings } = location;
  const listed = await loadRooms(db, location_id);
  const typed = listed.map((row) => ({
    ...row,
    location_id,
    room_type: judgeRoom(row, settings.room_types).room_type,
  }));
  const changed = typed.filter((row, i) => row.room_type !== listed[i]?.room_type);
  await writeBatch(
    db,
    bulkUpsert(
      rooms,
      changed.map((row) => ({ ...row, updated_at: now })),
      "differs",
    ),
  );
  await placeStock(context, { cause: "user", ref: "room_types" });
}

/** ReUp's categories follow from Dutchie's words, which are stored with each product. */
async function reapplyCategories(context: StoreContext): Promise<void> {
  const { db, location, now } = context;
  const { location_id, settings } = location;
  for (let after = ""; ; ) {
    const page = await db
      .select()
      .from(products)
      .where(and(eq(products.location_id, location_id), gt(products.product_id, after)))
      .orderBy(products.product_id)
      .limit(ROWS_A_BATCH);
    const last = page.at(-1);
    if (last === undefined) return;
    const mapped = page.flatMap((row) => {
      const { category, subcategory } = inReUpsWords(row, settings.categories);
      const fields = diff(row, { reup_category: category, reup_subcategory: subcategory });
      return Object.keys(fields).length === 0 ? [] : [{ row: { ...row, updated_at: now }, fields }];
    });
    const changes = mapped.map(({ row, fields }) => {
      const record = { resource: "products" as const, record_id: row.product_id, fields };
      return changeOf(record, row, { cause: "user", ref: "categories" }, now);
    });
    const rows = mapped.map(({ row }) => row);
    await writeRecords(context, productsUpsert(location, rows, "differs"), { changes });
    after = last.product_id;
  }
}

/** Decides open conflicts about fields for which the settings now prefer one side. */
async function reapplyConflicts(context: StoreContext): Promise<void> {
  const { location_id, settings } = context.location;
  const open = await context.db
    .select()
    .from(reviews)
    .where(and(eq(reviews.location_id, location_id), eq(reviews.kind, "edit_conflict"), eq(reviews.state, "open")));
  for (const { location_id: _, ...review } of open) {
    const sides = new Set((review.conflicts ?? []).map(({ field }) => authorityOf(settings.field_authority, field)));
    const [side] = sides;
    if (sides.size !== 1 || side === undefined || side === "ask") continue;
    await resolveConflict(context, review, { action: side === "reup" ? "keep_reup" : "keep_dutchie", ...BY_RULE });
  }
}
