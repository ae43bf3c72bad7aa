import { type Role, roleOf } from "../../src/client/rules.ts";

/** The account that a token names. For display only: the API alone verifies a token. */
export interface Account {
  /** The retailer, and the person where the token names one. */
  name: string;
  role: Role;
  /** When the token expires, ms; null: it does not say. */
  until: number | null;
}

/** No real name is longer, and a longer one would push the rest off the page. */
const NAME_CHARACTERS = 60;

export function accountOf(token: string): Account {
  const claims = claimsOf(token);
  const named = [claims.retailer_id ?? claims.entity_id, claims.sub].filter(
    (part) => typeof part === "string" && part !== "",
  );
  const name = named.map((part) => String(part).slice(0, NAME_CHARACTERS)).join(" · ");
  return {
    name: name === "" ? "an account without a name" : name,
    role: roleOf(claims) ?? "viewer",
    until: typeof claims.exp === "number" ? claims.exp * 1_000 : null,
  };
}

function claimsOf(token: string): Record<string, unknown> {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (char) => char.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}
