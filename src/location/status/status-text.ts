import type { StatusJson } from "../../contract/http/status.ts";
import { toHex } from "../../domain/values/hex.ts";

/** The status as it is sent. */
export interface StatusText {
  /** A hash of the status without its times of now: equal states have equal ids. */
  id: string;
  json: string;
  is_disconnected: boolean;
}

export async function textOf(status: StatusJson): Promise<StatusText> {
  const bytes = new TextEncoder().encode(JSON.stringify({ ...status, updated_at: null, data_age_seconds: null }));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const is_disconnected = status.state === "disconnected";
  return { id: toHex(digest.slice(0, 8)), json: JSON.stringify(status), is_disconnected };
}
