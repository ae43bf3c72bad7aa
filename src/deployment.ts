import { checkEndpoint } from "./security/endpoint.ts";
import { parseKeyRing } from "./security/key-ring.ts";
import { weakBytes, weakText } from "./security/weak-secret.ts";

/** What is wrong with a variable; never with its value in it. */
export interface ConfigProblem {
  name: string;
  message: string;
}

/** Names that stand for nobody (RFC 2606, RFC 6761). */
const NOBODY = /(^|\.)(example|test|invalid|localhost|example\.(com|net|org))\.?$/i;

/** What of these variables belongs to a development and not to a Worker that others reach; staging is one, too. */
export function developmentTraits(vars: Readonly<Record<string, unknown>>): ConfigProblem[] {
  const text = (name: string) => (typeof vars[name] === "string" ? vars[name].trim() : "");
  const problems: ConfigProblem[] = [];
  const tell = (name: string, message: string | null) => {
    if (message !== null) problems.push({ name, message });
  };
  if (text("ALLOW_LOCAL_ENDPOINTS") === "true") tell("ALLOW_LOCAL_ENDPOINTS", "must not be true outside development");
  tell("PUBLIC_URL", unreachable(text("PUBLIC_URL")));
  if (text("AUTH_JWKS_URL") !== "") tell("AUTH_JWKS_URL", unreachable(text("AUTH_JWKS_URL")));
  if (text("AUTH_JWT_SECRET") !== "") tell("AUTH_JWT_SECRET", weakText(text("AUTH_JWT_SECRET")));
  tell("CREDENTIAL_KEYS", weakKey(text("CREDENTIAL_KEYS")));
  for (const origin of text("CORS_ORIGINS")
    .split(",")
    .filter((part) => part.trim() !== "")) {
    const message = unreachable(origin.trim());
    if (message !== null) tell("CORS_ORIGINS", `has an origin that ${message}`);
  }
  const from = text("ALERT_EMAIL_FROM");
  if (NOBODY.test(from.slice(from.lastIndexOf("@") + 1))) tell("ALERT_EMAIL_FROM", "is an address of an example");
  // A token of staging, or of another service with the same keys, must not let anybody into production.
  if (text("ENVIRONMENT") === "production") {
    for (const name of ["AUTH_ISSUER", "AUTH_AUDIENCE"]) if (text(name) === "") tell(name, "is missing in production");
  }
  return problems;
}

/** Why nobody outside can be meant by this address; null: it may be. */
function unreachable(text: string): string | null {
  if (!/^https:\/\//i.test(text)) return "must start with https://";
  if (!checkEndpoint(text, { allowLocal: false, own: null, whole: true }).ok) return "must be a public address";
  return NOBODY.test(new URL(text).hostname) ? "is an address of an example: enter your own" : null;
}

/** A ring that cannot be read is told of elsewhere. */
function weakKey(text: string): string | null {
  const parsed = parseKeyRing(text);
  if (!parsed.ok) return null;
  for (const [id, key] of parsed.ring.keys) {
    const weak = weakBytes(key);
    if (weak !== null) return `has a key ("${id}") that ${weak}`;
  }
  return null;
}
