import { useEffect, useRef } from "react";

export interface InboxKeys {
  next: () => void;
  previous: () => void;
  open: () => void;
  settle: () => void;
}

/** Where typing is typing, and where a dialog has its own keys. */
const ELSEWHERE = "input, textarea, select, [role=dialog], [role=alertdialog], [role=menu]";

/** J, K, Enter and E, unless somebody types. */
export function useInboxKeys(keys: InboxKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || event.repeat) return;
      if (!(event.target instanceof Element) || event.target.closest(ELSEWHERE) !== null) return;
      const { next, previous, open, settle } = latest.current;
      const key = event.key.toLowerCase();
      if (key === "j") next();
      else if (key === "k") previous();
      else if (key === "e") settle();
      else if (key === "enter" && event.target === document.body) open();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}
