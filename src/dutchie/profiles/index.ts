import type { ProfileName } from "../../contract/http/locations.ts";
import { guide } from "./guide.ts";
import { pos } from "./pos.ts";
import type { Profile } from "./profile.ts";

export * from "./profile.ts";

export const PROFILES: Record<ProfileName, Profile> = { pos, guide };
