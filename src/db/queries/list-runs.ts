import { and, desc, eq, lt, sql } from "drizzle-orm";
import type { RunJson } from "../../contract/http/runs.ts";
import { MAX_PAGE_BYTES } from "../../domain/bounds.ts";
import { runIdAt } from "../../domain/runs/run.ts";
import { inList } from "../bulk.ts";
import type { RecordsDb } from "../databases.ts";
import { runs } from "../schema/records.ts";

/** A run without its longest parts, for charts of hundreds of runs. */
const BRIEF = sql<string>`json_set(${runs.document},
  '$.phases', json('[]'), '$.failures', json('[]'), '$.verification', null)`.mapWith(runs.document);

/** The same of a run that is not stored yet. */
export const briefRun = (run: RunJson): RunJson => ({ ...run, phases: [], failures: [], verification: null });

/** More than a page has, so that the page ends by its own limit; far less than 500 runs with a hundred failures and examples each. */
const READ_CHARACTERS = 2 * MAX_PAGE_BYTES;

/** Newest first: a run's id begins with its time. `until`: only runs that began before it, ms. `brief`: without phases, failures and verification. */
export async function listRuns(
  db: RecordsDb,
  location_id: string,
  page: { after: string | null; until?: number | undefined; limit: number; brief?: boolean },
): Promise<RunJson[]> {
  const document = sql<string>`${page.brief ? BRIEF : runs.document}`.as("document");
  const before = sql<number>`sum(length(document)) over (order by run_id desc) - length(document)`.as("before");
  const asked = db
    .select({ run_id: runs.run_id, document })
    .from(runs)
    .where(
      and(
        eq(runs.location_id, location_id),
        page.after === null ? undefined : lt(runs.run_id, page.after),
        page.until === undefined ? undefined : lt(runs.run_id, runIdAt(page.until)),
      ),
    )
    .orderBy(desc(runs.run_id))
    .limit(page.limit)
    .as("asked");
  const sized = db.select({ run_id: asked.run_id, document: asked.document, before }).from(asked).as("sized");
  const rows = await db
    .select({ document: sized.document })
    .from(sized)
    .where(lt(sized.before, READ_CHARACTERS))
    .orderBy(desc(sized.run_id));
  return rows.map(({ document }) => JSON.parse(document) as RunJson);
}

export async function findRun(db: RecordsDb, location_id: string, run_id: string): Promise<RunJson | null> {
  const [row] = await db
    .select({ document: runs.document })
    .from(runs)
    .where(and(eq(runs.location_id, location_id), eq(runs.run_id, run_id)))
    .limit(1);
  return row === undefined ? null : toRun(row);
}

/** Without their longest parts. */
export async function findBriefRuns(
  db: RecordsDb,
  location_id: string,
  ids: readonly string[],
): Promise<Map<string, RunJson>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ run_id: runs.run_id, document: BRIEF })
    .from(runs)
    .where(and(eq(runs.location_id, location_id), inList(runs.run_id, ids)));
  return new Map(rows.map((row) => [row.run_id, toRun(row)]));
}

/** The store's Location wrote the document as a RunJson. */
const toRun = ({ document }: { document: unknown }) => document as RunJson;
