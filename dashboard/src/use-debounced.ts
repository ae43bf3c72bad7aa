import { useEffect, useState } from "react";

/** ms; somebody who types on does not wait for an answer yet. */
const PAUSE_MS = 250;

/** The text once nobody has typed for a moment. */
export function useDebounced(typed: string): string {
  const [settled, settle] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(settle, PAUSE_MS, typed);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
