import { useEffect, useState } from "react";

/** ms; the second of two quick clicks must not decide the next item, too. */
const WAIT_MS = 1_000;

/** Whether the buttons still wait after a decision at this time (ms; null: none was taken). */
export function useWait(decided_at: number | null): boolean {
  const [, wake] = useState(0);
  useEffect(() => {
    if (decided_at === null) return;
    const timer = setTimeout(() => wake(decided_at), decided_at + WAIT_MS - Date.now());
    return () => clearTimeout(timer);
  }, [decided_at]);
  return decided_at !== null && Date.now() - decided_at < WAIT_MS;
}
