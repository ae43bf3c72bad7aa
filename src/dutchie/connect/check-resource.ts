import type { ClockReading } from "../../domain/clock.ts";
import type { Resource } from "../../domain/records/model.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import type { DutchieClient, ReadOptions, ReadResult, RowChunk } from "../client.ts";
import { DutchieReadError, dutchieError } from "../http/errors.ts";

export interface ResourceCheck {
  error: DutchieError | null;
  detail: string;
  hint?: string;
  clock_reading: ClockReading;
  /** The endpoint answers, but its rows cannot be read. This data type fails alone; the others can be synced. */
  unreadable?: true;
}

/** Asks for as little as the endpoint allows, and closes the connection after the first rows. */
export async function checkResource(client: DutchieClient, resource: Resource, now: number): Promise<ResourceCheck> {
  const path = client.profile.resources[resource].path;
  const first = await firstRows(client, resource, smallest(resource, now));
  if (!first.ok)
    return { error: first.error, detail: first.error.message, hint: first.error.hint, clock_reading: null };

  const { rows, failures, keys } = first.chunk;
  const [failure] = failures;
  if (rows.length === 0 && failure) {
    const fields = keys === undefined ? "" : ` (the row has ${keys})`;
    const error = dutchieError(
      "BAD_RESPONSE",
      `${path} answers with rows that cannot be read: ${failure.reason}${fields}`,
    );
    const hint = "ReUp syncs the other data. It lists these rows as failed until the endpoint sends what is missing.";
    return { error, detail: error.message, hint, clock_reading: first.clock_reading, unreadable: true };
  }
  const check = { error: null, detail: `${path} answers.`, clock_reading: first.clock_reading };
  if (resource !== "inventory" || rows.length > 0) return check;

  // Empty inventory beside a full catalogue has wiped out stock in other integrations: worth one more request.
  const products = await firstRows(client, "products", {});
  if (!products.ok || products.chunk.rows.length === 0)
    return { ...check, detail: `${path} answers, but lists no stock at all.` };
  return {
    ...check,
    detail: `${path} answers and lists no stock at all, though Dutchie lists products.`,
    hint: "If the store has stock, ask Dutchie's support whether this API key may read it. ReUp sets nothing to zero until a second complete read confirms it.",
  };
}

function smallest(resource: Resource, now: number): ReadOptions {
  if (resource === "products") return { modified_from: now };
  return resource === "sales" ? { modified_from: now - 60_000, modified_to: now } : {};
}

type First<R extends Resource> =
  | { ok: true; chunk: RowChunk<R>; clock_reading: ClockReading }
  | { ok: false; error: DutchieError };

async function firstRows<R extends Resource>(
  client: DutchieClient,
  resource: R,
  options: ReadOptions,
): Promise<First<R>> {
  const result: ReadResult<R> = await client.read(resource, options);
  if (!result.ok) return result;
  try {
    const step = await result.rows.next();
    const chunk = step.done ? { rows: [], failures: [], unknown: 0 } : step.value;
    return { ok: true, chunk, clock_reading: result.clockReading() };
  } catch (error) {
    if (error instanceof DutchieReadError) return { ok: false, error: error.error };
    throw error;
  } finally {
    await result.rows.return();
  }
}
