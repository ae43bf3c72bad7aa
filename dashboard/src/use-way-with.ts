import { useLocation, useSearch } from "wouter";

/** The address of this page with one thing opened in it: a real link, and Back closes it. */
export function useWayWith(): (key: string, value: string) => string {
  const [path] = useLocation();
  const search = useSearch();
  return (key, value) => {
    const asked = new URLSearchParams(search);
    asked.set(key, value);
    return `${path}?${asked}`;
  };
}
