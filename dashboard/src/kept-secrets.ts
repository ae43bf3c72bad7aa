import { useSyncExternalStore } from "react";

/**
 * The secret of a store's or a channel's webhook is shown once by the API. It stays in this tab until the person has copied it, so that a reload does not
 * lose it. Signing out clears it with the rest of the tab.
 */
const PREFIX = "reup-dutchie-secret ";
const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

export function keepSecret(id: string, secret: string): void {
  sessionStorage.setItem(PREFIX + id, secret);
  notify();
}

export function forgetSecret(id: string): void {
  sessionStorage.removeItem(PREFIX + id);
  notify();
}

export function useKeptSecret(id: string): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sessionStorage.getItem(PREFIX + id),
  );
}
