import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { SignJWT } from "jose";

export interface TokenClaims {
  retailer_id: string;
  role: "viewer" | "manager" | "admin";
  location_ids?: string[];
}

/** A token for the local Worker, signed with the development secret of .dev.vars (or its example). */
export async function developmentToken(claims: TokenClaims, file = ".dev.vars.example"): Promise<string> {
  const secret = parseEnv(readFileSync(file, "utf8")).AUTH_JWT_SECRET;
  if (secret === undefined) throw new Error(`${file} has no AUTH_JWT_SECRET.`);
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(secret));
}
