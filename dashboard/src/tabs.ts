/** What the dashboard's tabs say to each other: who is signed in, who signed out, which access ended. Never a token. */
type Word =
  | { kind: "who" }
  | { kind: "here"; account: string }
  | { kind: "signed_out"; account: string }
  | { kind: "ended"; mark: string };

/** A tab answers within a few ms; one that is asleep cannot be asked. */
const ANSWER_MS = 150;

const channel = new BroadcastChannel("reup-dutchie-session");
const listeners = new Set<(word: Word) => void>();
channel.addEventListener("message", ({ data }: MessageEvent<Word>) => {
  for (const listener of listeners) listener(data);
});

export const ENDED = "Your access has ended. Sign in again.";

/** The last of a token's signature: tells tokens apart, and lets nobody in. */
const markOf = (token: string) => token.slice(-16);

const say = (word: Word) => channel.postMessage(word);

/** Somebody left: it concerns all tabs of the account. */
export const tellSignedOut = (account: string) => say({ kind: "signed_out", account });

/** A token is over: it concerns the tabs that have this very one, and none with a newer one of the account. */
export const tellEnded = (token: string) => say({ kind: "ended", mark: markOf(token) });

/** Answers the other tabs, and leaves when one of them says so. */
export function joinTabs(own: () => { token: string; account: string } | null, leave: (notice: string) => void): void {
  listeners.add((word) => {
    const here = own();
    if (here === null) return;
    if (word.kind === "who") say({ kind: "here", account: here.account });
    if (word.kind === "signed_out" && word.account === here.account) leave("You signed out in another tab.");
    if (word.kind === "ended" && word.mark === markOf(here.token)) leave(ENDED);
  });
}

/** An account, other than `account`, that some tab is signed in with; null: none. */
export function otherAccount(account: string): Promise<string | null> {
  return new Promise((resolve) => {
    const end = (found: string | null) => {
      listeners.delete(listen);
      clearTimeout(timer);
      resolve(found);
    };
    const listen = (word: Word) => {
      if (word.kind === "here" && word.account !== account) end(word.account);
    };
    const timer = setTimeout(end, ANSWER_MS, null);
    listeners.add(listen);
    say({ kind: "who" });
  });
}
