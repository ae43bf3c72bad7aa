import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 47.99rem)");

/** Whether the page is as narrow as a phone. For what is built otherwise there; styles alone use `md:`. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
