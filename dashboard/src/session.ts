import { useSyncExternalStore } from "react";
import { mayAct, type Role } from "../../src/client/rules.ts";
import { type Account, accountOf } from "./account.ts";
import { announceEnded, announceSignedOut, ENDED, joinTabs, otherAccount } from "./tabs.ts";

/** ReUp's token, kept until this tab is closed. */
const TOKEN = "reup-dutchie-token";
/** Why the person was signed out. The next page reads it once. */
const NOTICE = "reup-dutchie-notice";

export interface Session {
  token: string | null;
  account: Account | null;
  /** Why the person has to sign in again. */
  notice: string | null;
  /** The account of a link with a token. The person must agree before it is used. */
  offer: Offer | null;
}

export interface Offer {
  token: string;
  account: Account;
  /** Who is signed in now, here or in another tab; null: nobody, as far as we know. */
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
// The browser keeps pages for its Back button: one of them would show data of a person who signed out.
addEventListener("pageshow", (event) => event.persisted && location.reload());

/** The developer's own machine: `npm start` opens the dashboard there, signed in. */
const ON_LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(location.hostname);

/**
 * `#token=…`: ReUp and `npm start` open the dashboard with an account. The token is removed from the address at once. Anybody
 * can make such a link with his own token, and would then see what is entered. So the person here is asked first.
 */
export async function signInFromAddress(): Promise<void> {
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

/** Switches to the account of the link. The page reloads, so that no data of the earlier account stays in it. */
export function acceptOffer({ token }: Offer): void {
  sessionStorage.clear();
  sessionStorage.setItem(TOKEN, token);
  location.reload();
}

export const declineOffer = () => change({ ...session, offer: null });

/** Signs out in all tabs of the account. */
export function signOut(): void {
  if (session.account !== null) announceSignedOut(session.account.name);
  leave(null);
}

/** The token has expired, or the API refuses it. Ends this session in all tabs with the same token; another tab may have a newer one. */
export function endSession(notice: string): void {
  if (session.token !== null) announceEnded(session.token);
  leave(notice);
}

/** Loads the start page anew, so that no data, request or address of the session is left. */
function leave(notice: string | null): void {
  if (session.token === null) return;
  sessionStorage.clear();
  if (notice !== null) sessionStorage.setItem(NOTICE, notice);
  change({ ...sessionOf(null), notice });
  location.replace("/");
}

/** A token that has expired already by this machine's clock is left to the API: the clock may be wrong. */
function endInTime(): void {
  const { token, account } = session;
  const left = (account?.until ?? 0) - Date.now();
  if (token === null || left <= 0) return;
  // A timer lasts 24 days at most and stops while the machine sleeps, so this checks every minute.
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

/** Whether the signed-in person may do this. The API decides; this only hides buttons that it would refuse. */
export function useMay(needed: Role): boolean {
  const { account } = useSession();
  return account !== null && mayAct(account.role, needed);
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
