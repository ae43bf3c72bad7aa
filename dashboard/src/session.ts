import { useSyncExternalStore } from "react";
import { type Account, accountOf, ROLES, type Role } from "./account.ts";
import { ENDED, joinTabs, otherAccount, tellEnded, tellSignedOut } from "./tabs.ts";

export type { Role } from "./account.ts";

/** A token of ReUp's, kept for this tab's session and no longer. */
const TOKEN = "reup-dutchie-token";
/** Why one was signed out: read once, by the page that comes after. */
const NOTICE = "reup-dutchie-notice";

export interface Session {
  token: string | null;
  account: Account | null;
  /** Why one has to sign in again. */
  notice: string | null;
  /** An address wants to sign somebody in: not before the person here said so. */
  offer: Offer | null;
}

export interface Offer {
  token: string;
  account: Account;
  /** Who is signed in now, here or in another tab; null: nobody that is known of. */
  instead_of: string | null;
}

const listeners = new Set<() => void>();
let session: Session = { ...sessionOf(sessionStorage.getItem(TOKEN)), notice: sessionStorage.getItem(NOTICE) };
sessionStorage.removeItem(NOTICE);

joinTabs(() => {
  const { token, account } = session;
  return token === null || account === null ? null : { token, account: account.name };
}, leave);
endInTime();
// A page that the browser kept for its Back button would show what a person who left had seen.
addEventListener("pageshow", (event) => event.persisted && location.reload());

/** The developer's own machine: `npm start` opens the dashboard there, signed in. */
const ON_LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/**
 * `#token=…`: ReUp and `npm start` open the dashboard with an account. The token does not stay in the address. Anybody can
 * write such a link, also with a token of his own, and what is then typed is his: the person here is asked first.
 */
export async function takeTokenFromAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token")?.trim();
  if (token === undefined) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (token === "" || token === session.token) return;
  const account = accountOf(token);
  const elsewhere = await otherAccount(account.name);
  const instead_of = session.account?.name ?? elsewhere;
  if (ON_LOOPBACK && instead_of === null) signIn(token);
  else change({ ...session, offer: { token, account, instead_of } });
}

export function signIn(token: string): void {
  sessionStorage.setItem(TOKEN, token.trim());
  change({ ...sessionOf(token.trim()), notice: null });
  endInTime();
}

/** Takes the account that an address offered. The page begins anew: nothing of the other's stays in it. */
export function takeOffer({ token }: Offer): void {
  sessionStorage.setItem(TOKEN, token);
  location.reload();
}

export const declineOffer = () => change({ ...session, offer: null });

/** A person leaves: in all tabs of the account. */
export function signOut(): void {
  if (session.account !== null) tellSignedOut(session.account.name);
  leave(null);
}

/** The token is over, by the clock or by the API: here, and where it is the same. Another tab may have a newer one. */
export function endSession(notice: string): void {
  if (session.token !== null) tellEnded(session.token);
  leave(notice);
}

/** The page begins anew, at its beginning: what was read, asked and opened ends with it, and no address names a store. */
function leave(notice: string | null): void {
  if (session.token === null) return;
  sessionStorage.clear();
  if (notice !== null) sessionStorage.setItem(NOTICE, notice);
  change({ ...sessionOf(null), notice });
  location.replace("/");
}

/** A token that is over already, by this machine's clock, is the API's to judge: the clock may be wrong. */
function endInTime(): void {
  const { token, account } = session;
  const left = (account?.until ?? 0) - Date.now();
  if (token === null || left <= 0) return;
  // A timer holds 24 days at most, and stands still while the machine sleeps: it looks again each minute.
  const timer = setInterval(
    () => {
      if (session.token !== token) clearInterval(timer);
      else if (Date.now() >= (account?.until ?? 0)) endSession(ENDED);
    },
    Math.min(left, 60_000),
  );
}

export const currentToken = (): string => session.token ?? "";

export function useSession(): Session {
  return useSyncExternalStore(subscribe, () => session);
}

/** May the one who is signed in do this? The API decides; this spares a click that would be refused. */
export function useMay(needed: Role): boolean {
  const { account } = useSession();
  return account !== null && ROLES.indexOf(account.role) >= ROLES.indexOf(needed);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

function sessionOf(token: string | null): Omit<Session, "notice"> {
  return { token, account: token === null ? null : accountOf(token), offer: null };
}
