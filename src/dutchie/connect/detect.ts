import type { AuthScheme, ProfileName } from "../../contract/http/locations.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { createClient, type WhoAmI } from "../client.ts";
import { isFirewall } from "../http/classify-response.ts";
import type { ClientDeps, DutchieConfig } from "../http/config.ts";

/** What a user enters. Profile `auto` (the default) and a missing scheme are detected. */
export interface DutchieCandidate extends Omit<DutchieConfig, "profile" | "auth"> {
  profile?: ProfileName | "auto";
  auth?: AuthScheme;
}

export type Detected =
  | { ok: true; profile: ProfileName; auth: AuthScheme; whoami: WhoAmI }
  | { ok: false; error: DutchieError };

type Probe =
  | { kind: "answers"; profile: ProfileName; whoami: WhoAmI }
  | { kind: "refused"; error: DutchieError }
  | { kind: "failed"; error: DutchieError };

/**
 * Finds out which profile the endpoint has and how it wants the key: the scheme given (or Basic) first, then bearer, then
 * X-Api-Key. Only a 401 leads to the next scheme: any other failure would be the same for all. At most 9 requests.
 */
export async function detect(candidate: DutchieCandidate, deps: ClientDeps): Promise<Detected> {
  let refused: DutchieError | null = null;
  for (const auth of schemes(candidate.auth)) {
    const probe = await probeScheme(candidate, auth, deps);
    if (probe.kind === "answers") return { ok: true, profile: probe.profile, auth, whoami: probe.whoami };
    if (probe.kind === "failed") return { ok: false, error: refused ?? probe.error };
    refused ??= probe.error;
  }
  // schemes() is never empty, so `refused` is set.
  return { ok: false, error: refused as DutchieError };
}

function schemes(given: AuthScheme = "basic"): AuthScheme[] {
  const all: AuthScheme[] = [given, "basic", "bearer", { header: "X-Api-Key" }];
  return all.filter((scheme, at) => all.findIndex((other) => nameOf(other) === nameOf(scheme)) === at);
}

function nameOf(scheme: AuthScheme): string {
  return typeof scheme === "string" ? scheme : scheme.header.toLowerCase();
}

async function probeScheme(candidate: DutchieCandidate, auth: AuthScheme, deps: ClientDeps): Promise<Probe> {
  const client = (profile: ProfileName) => createClient({ ...candidate, profile, auth }, deps);
  const who = await client("pos").whoami();
  if (!who.ok && who.error.code === "UNAUTHORIZED") return { kind: "refused", error: who.error };
  // NOT_DUTCHIE: no such path here. The server may still have the guide's profile; any other error is final.
  if (!who.ok && who.error.code !== "NOT_DUTCHIE") return { kind: "failed", error: who.error };

  for (const profile of ["pos", "guide"] as const) {
    const error = await productsFail(client(profile), (deps.now ?? Date.now)());
    const lacksRole = error?.code === "FORBIDDEN" && !isFirewall(error);
    if (error === null || lacksRole) return { kind: "answers", profile, whoami: who };
    if (error.code === "UNAUTHORIZED") return { kind: "refused", error };
    if (error.code !== "NOT_DUTCHIE") return { kind: "failed", error };
  }
  const error: DutchieError = who.ok
    ? {
        code: "NOT_DUTCHIE",
        message: "The endpoint knows the key's location but has no products",
        hint: "Check the endpoint's path.",
      }
    : who.error;
  return { kind: "failed", error };
}

/** The cheapest read: products that changed from now on. */
async function productsFail(client: ReturnType<typeof createClient>, now: number): Promise<DutchieError | null> {
  const result = await client.read("products", { modified_from: now });
  if (!result.ok) return result.error;
  await result.rows.return();
  return null;
}
