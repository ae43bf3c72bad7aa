import { z } from "zod";
import type { KeyRing } from "./key-ring.ts";
import { open, seal } from "./seal.ts";

const credentials = z.object({ api_key: z.string(), integrator_key: z.string().optional() });
export type Credentials = z.infer<typeof credentials>;

export function sealCredentials(ring: KeyRing, location_id: string, value: Credentials): Promise<string> {
  return seal(ring, "credentials", location_id, JSON.stringify(value));
}

export async function openCredentials(
  ring: KeyRing,
  location_id: string,
  envelope: string,
): Promise<{ ok: true; credentials: Credentials } | { ok: false }> {
  const opened = await open(ring, "credentials", location_id, envelope);
  return opened.ok ? { ok: true, credentials: credentials.parse(JSON.parse(opened.plaintext)) } : { ok: false };
}
