import type { StepEnd } from "../../contract/location.ts";
import type { LocationRow } from "../../db/schema/accounts.ts";
import { MAX_KEPT_CHARS } from "../../domain/bounds.ts";
import type { Pepper } from "../../domain/insights/pseudonym.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import type { Run, Step } from "../../domain/runs/run.ts";
import { pieces } from "../../domain/values/pieces.ts";
import type { DutchieClient, RowChunk } from "../../dutchie/client.ts";
import { DutchieReadError } from "../../dutchie/http/errors.ts";
import type { LocationStub } from "../../location/stub.ts";
import { checkLocation } from "./check-location.ts";
import { mapRows } from "./map.ts";
import { onceEach } from "./once-each.ts";
import { ownChunks } from "./own-chunks.ts";
import { readSince } from "./read-since.ts";
import { rowCalls } from "./row-calls.ts";
import { Collected, needsWholeAnswer, rowPerPackage } from "./row-per-package.ts";

/** How the reading of a step ended. */
export type Pulled =
  | ({ kind: "finished" } & Pick<StepEnd, "started_at" | "clock" | "last">)
  | { kind: "failed"; error: DutchieError; resume: Run["resume"] }
  /** Another attempt, or the end of the run, came in between. */
  | { kind: "superseded" };

type Part = NonNullable<StepEnd["last"]>;

/**
 * Reads one step of a run from Dutchie: fetch → decode → map → Location, 1,000 rows at a time while the body streams.
 * The Location decides what comes next. If anything breaks here, the step begins again, and repeating it writes nothing twice.
 */
export async function pullStep(
  begun: { attempt: number; step: Step; resume: Run["resume"]; behind_ms: number | null },
  given: {
    stub: LocationStub;
    location: LocationRow;
    client: DutchieClient;
    pepper: Pepper | null;
    /** The key was seen to belong to the store. */
    isChecked: boolean;
  },
): Promise<Pulled> {
  const { stub, location, client, pepper } = given;
  const { attempt, step } = begun;
  const whole = needsWholeAnswer(client, step.resource);
  const parts = whole && begun.resume !== null ? await collectedUntil(stub, begun.resume.page) : null;
  const resume = whole && parts === null ? null : begun.resume;
  const wrong = given.isChecked ? null : await checkLocation(client, location);
  if (wrong !== null) return { kind: "failed", error: wrong, resume: withTaken(resume, client) };
  const options = {
    ...(step.from === null ? {} : { modified_from: step.from }),
    ...(step.to === null ? {} : { modified_to: step.to }),
    ...(resume === null ? {} : { page: resume.page, before: resume.before ?? null }),
  };
  const read =
    resume === null && begun.behind_ms !== null
      ? await readSince(client, step.resource, options, begun.behind_ms)
      : await client.read(step.resource, options);
  if (!read.ok) return { kind: "failed", error: read.error, resume: withTaken(resume, client) };
  const started_at = resume?.started_at ?? read.started_at;
  const lines_due = client.profile.sales_have_lines;
  const apply = ({ rows, failures }: Part) => stub.applyRows(attempt, started_at, rows, failures);
  // Sent when there is more: the last rows go with the end of the step.
  let last: Part | null = null;
  const collected = new Collected(parts ?? []);
  try {
    const own = ownChunks(step.resource, read.rows, location.dutchie_location_id);
    const chunks = whole
      ? rowPerPackage(own as AsyncIterable<RowChunk<"inventory">>, client.meter, collected)
      : onceEach(step.resource, own);
    for await (const chunk of chunks) {
      const mapped = mapRows<Resource>(step.resource, chunk, { settings: location.settings, pepper, lines_due });
      let { failures } = mapped;
      for (const rows of rowCalls(mapped.rows)) {
        // Leaving the loop closes the connection.
        if (last !== null && (await apply(last)).kind === "superseded") return { kind: "superseded" };
        last = { rows, failures };
        failures = [];
      }
    }
  } catch (error) {
    if (!(error instanceof DutchieReadError)) throw error;
    // What was handed out is not read again.
    if (last !== null && (await apply(last)).kind === "superseded") return { kind: "superseded" };
    const { page, before } = error;
    if (whole && page !== null && page !== resume?.page) {
      let place = 0;
      for (const text of pieces(collected.before(page), MAX_KEPT_CHARS))
        await stub.collect(attempt, { from: resume?.page ?? null, to: page, text, place: place++ });
    }
    const going = page === null ? null : { page, started_at, ...(before && { before }) };
    return { kind: "failed", error: error.error, resume: withTaken(going, client) };
  }
  return { kind: "finished", started_at, clock: read.clockReading(), last };
}

/** The parts that earlier attempts have collected until this page; null: not all of them are known. */
async function collectedUntil(stub: LocationStub, page: string): Promise<string[] | null> {
  let text = "";
  for (;;) {
    const piece = await stub.collected(page, text.length);
    if (piece === null) return null;
    text += piece;
    if (piece.length < MAX_KEPT_CHARS) return text.split("\n");
  }
}

/** A read that is continued counts against one limit, over all its parts. */
const withTaken = (resume: Run["resume"], client: DutchieClient): Run["resume"] =>
  resume && { ...resume, taken: client.meter.usage };
