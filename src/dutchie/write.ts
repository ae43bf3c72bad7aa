import { readStart } from "../domain/clock.ts";
import type { DutchieError } from "../domain/runs/failure.ts";
import { readText } from "./http/body.ts";
import { isHtml } from "./http/classify-response.ts";
import type { ClientDeps, DutchieConfig } from "./http/config.ts";
import { dutchieError } from "./http/errors.ts";
import type { Meter } from "./http/meter.ts";
import { request, urlOf } from "./http/request.ts";
import { locationQuery, type WriteCall } from "./profiles/index.ts";
import { refusalIn } from "./stream/envelope.ts";

export type WriteResult =
  | {
      ok: true;
      /** When the request started and when its answer was complete, by Dutchie's clock as far as we trust it. */
      written_at: number;
      answered_at: number;
      /** The answer; null if it was not JSON. */
      body: unknown;
    }
  | { ok: false; error: DutchieError };

/** Bytes of an answer that are read: a product has a few KB, and a call at most 50. */
const MAX_ANSWER = 1_048_576;

/** One write, without retry. "Cannot be written" has a code of its own: only other failures are worth a retry. */
export async function write(
  config: DutchieConfig,
  deps: ClientDeps & { meter: Meter },
  call: WriteCall,
): Promise<WriteResult> {
  const url = urlOf(config.endpoint, call.path, locationQuery(config));
  if (url === null) return { ok: false, error: dutchieError("ENOTFOUND", "The endpoint is not a web address") };
  const ask = {
    url,
    rate: call.rate,
    role: call.role,
    write: { method: call.method, body: JSON.stringify(call.body) },
  };
  const opened = await request(config, ask, deps);
  if (!opened.ok) return opened;
  const { answer } = opened;
  const text = await readText(answer.body, MAX_ANSWER);
  // Also a page that calls itself JSON, as a sign-in page in front of Dutchie does.
  if (isHtml(new Headers(), text))
    return { ok: false, error: dutchieError("NOT_DUTCHIE", `${call.path} answered with a web page instead of data`) };
  const body = parsed(text);
  const refused = refusalIn(body);
  if (refused !== null) return { ok: false, error: refused };
  const answered = (deps.now ?? Date.now)();
  const onDutchiesClock = (at: number) => readStart(at, answer.clock_reading);
  return {
    ok: true,
    written_at: onDutchiesClock(answer.started),
    answered_at: onDutchiesClock(answered),
    body,
  };
}

/** JSON inside a JSON string, as Dutchie sometimes sends it, is read, too. */
function parsed(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "string" ? (parsed(body) ?? body) : body;
  } catch {
    return null;
  }
}
