/** Messages between the dashboard's tabs: who is signed in, who signed out, whose access ended. They never carry a token. */
type TabMessage =
  | { kind: "who" }
  | { kind: "here"; account: string }
  | { kind: "signed_out"; account: string }
  | { kind: "ended"; mark: string };

/** A tab answers within a few ms. A tab that sleeps does not answer. */
const ANSWER_MS = 150;

const channel = new BroadcastChannel("reup-dutchie-session");
const listeners = new Set<(message: TabMessage) => void>();
channel.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => {
  for (const listener of listeners) listener(data);
});

export const ENDED = "Your access has ended. Sign in again.";

/** The end of a token's signature: enough to compare two tokens, useless to sign in. */
const markOf = (token: string) => token.slice(-16);

const say = (message: TabMessage) => channel.postMessage(message);

/** The person signed out: all tabs of the account follow. */
export const announceSignedOut = (account: string) => say({ kind: "signed_out", account });

/** A token has ended: the tabs with this token follow, but no tab with a newer one of the account. */
export const announceEnded = (token: string) => say({ kind: "ended", mark: markOf(token) });

/** Answers the other tabs, and signs out with them. */
export function joinTabs(own: () => { token: string; account: string } | null, leave: (notice: string) => void): void {
  listeners.add((message) => {
    const here = own();
    if (here === null) return;
    if (message.kind === "who") say({ kind: "here", account: here.account });
    if (message.kind === "signed_out" && message.account === here.account) leave("You signed out in another tab.");
    if (message.kind === "ended" && message.mark === markOf(here.token)) leave(ENDED);
  });
}

/** Another account that some tab is signed in with; null: none. */
export function otherAccount(account: string): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (found: string | null) => {
      listeners.delete(listen);
      clearTimeout(timer);
      resolve(found);
    };
    const listen = (message: TabMessage) => {
      if (message.kind === "here" && message.account !== account) end(message.account);
    };
    const timer = setTimeout(end, ANSWER_MS, null);
    listeners.add(listen);
    say({ kind: "who" });
  });
}
