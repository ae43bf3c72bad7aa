import type { ProfileName } from "../../contract/http/locations.ts";
import { guide } from "./guide.ts";
import { pos } from "./pos.ts";
import type { Profile } from "./profile.ts";

export * from "./profile.ts";

export const PROFILES: Record<ProfileName, Profile> = { pos, guide };

/** Names the store among those of the key. A request without it may reach another one, with products of the same ids. */
export function locationQuery(of: { profile: ProfileName; location_id?: string | undefined }): Record<string, string> {
  const { location_parameter } = PROFILES[of.profile];
  return location_parameter === null || !of.location_id ? {} : { [location_parameter]: of.location_id };
}
