import { useSyncExternalStore } from "react";

/** Who is signed in: a token of ReUp's, kept for this tab's session and no longer. */
const KEY = "reup-dutchie-token";

export type Role = "viewer" | "manager" | "admin";

export interface Session {
  token: string | null;
  role: Role;
  /** Why one has to sign in again. */
  notice: string | null;
}

const ROLES: readonly Role[] = ["viewer", "manager", "admin"];
const listeners = new Set<() => void>();
let session: Session = sessionOf(sessionStorage.getItem(KEY), null);

/** `#token=…`: `npm start` and ReUp open the dashboard already signed in. The token does not stay in the address. */
export function takeTokenFromAddress(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  signIn(token);
}

export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token.trim());
  change(sessionOf(token.trim(), null));
}

export function signOut(notice: string | null = null): void {
  if (session.token === null) return;
  sessionStorage.removeItem(KEY);
  change(sessionOf(null, notice));
}

export const currentToken = (): string => session.token ?? "";

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** May the one who is signed in do this? The API decides; this spares a click that would be refused. */
export function useMay(needed: Role): boolean {
  const { role } = useSession();
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function sessionOf(token: string | null, notice: string | null): Session {
  return { token, role: token === null ? "viewer" : roleOf(token), notice };
}

function roleOf(token: string): Role {
  try {
    const payload = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const { role } = JSON.parse(atob(payload)) as { role?: unknown };
    return ROLES.find((known) => known === role) ?? "viewer";
  } catch {
    return "viewer";
  }
}
