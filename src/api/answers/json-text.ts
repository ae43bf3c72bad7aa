import type { TypedResponse } from "hono";
import type { AppContext } from "../requests/context.ts";

/** Answers 200 with a text that is the JSON of a `T`. The cast says so, for Hono types only what it makes itself. */
export function jsonText<T>(c: AppContext, text: string): Response & TypedResponse<T, 200, "json"> {
  const answer: unknown = c.body(text, 200, { "Content-Type": "application/json" });
  return answer as Response & TypedResponse<T, 200, "json">;
}
