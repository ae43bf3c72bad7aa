import { useSyncExternalStore } from "react";

/** Pages have real paths, so that people can bookmark and share them. */
const listeners = new Set<() => void>();

function notify(): void {
  for (const listener of listeners) listener();
}

addEventListener("popstate", notify);

export function navigate(to: string): void {
  if (to === location.pathname + location.search) return;
  history.pushState(null, "", to);
  scrollTo(0, 0);
  notify();
}

export function usePath(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.pathname,
  );
}

export const storePath = (location_id: string, page = "dashboard") =>
  `/stores/${encodeURIComponent(location_id)}/${page}`;
