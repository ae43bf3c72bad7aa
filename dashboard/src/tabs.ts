/** What the dashboard's tabs say to each other: who is signed in, and that somebody signed out. Never a token. */
type Word = { kind: "who" } | { kind: "here"; account: string } | { kind: "signed_out"; account: string };

/** A tab answers within a few ms; one that is asleep cannot be asked. */
const ANSWER_MS = 150;

const channel = new BroadcastChannel("reup-dutchie-session");
const listeners = new Set<(word: Word) => void>();
channel.addEventListener("message", ({ data }: MessageEvent<Word>) => {
  for (const listener of listeners) listener(data);
});

const say = (word: Word) => channel.postMessage(word);

export const tellSignedOut = (account: string) => say({ kind: "signed_out", account });

/** Answers the other tabs, and hears when the account was left in one of them. */
export function joinTabs(own: () => string | null, onSignedOut: () => void): void {
  listeners.add((word) => {
    const account = own();
    if (account === null) return;
    if (word.kind === "who") say({ kind: "here", account });
    if (word.kind === "signed_out" && word.account === account) onSignedOut();
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
