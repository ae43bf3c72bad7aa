import { useSyncExternalStore } from "react";

/** The person's choice of light or dark; without one, the machine's. Kept in this browser. */
const KEY = "reup-dutchie-theme";
const ofMachine = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

export type Theme = "light" | "dark";

const chosen = (): Theme | null => {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : null;
};

const current = (): Theme => chosen() ?? (ofMachine.matches ? "dark" : "light");

export function applyTheme(): void {
  const choice = chosen();
  if (choice !== null) document.documentElement.dataset.theme = choice;
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    ofMachine.addEventListener("change", listener);
    return () => {
      listeners.delete(listener);
      ofMachine.removeEventListener("change", listener);
    };
  }, current);
}
