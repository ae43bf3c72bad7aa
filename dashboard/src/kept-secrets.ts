import { useSyncExternalStore } from "react";

/**
 * A webhook's secret is shown once by the API. It stays in this tab until the person has copied it, so that a reload does not
 * lose it. Signing out clears it with the rest of the tab.
 */
const PREFIX = "reup-dutchie-secret ";
const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};

export function keepSecret(location_id: string, secret: string): void {
  sessionStorage.setItem(PREFIX + location_id, secret);
  notify();
}

export function forgetSecret(location_id: string): void {
  sessionStorage.removeItem(PREFIX + location_id);
  notify();
}

export function useKeptSecret(location_id: string): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sessionStorage.getItem(PREFIX + location_id),
  );
}
