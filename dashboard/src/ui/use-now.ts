import { useEffect, useState } from "react";

/** The current time, updated often enough for "3 minutes ago" to stay true. */
export function useNow(every_ms = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now;
}
