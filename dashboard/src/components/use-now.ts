import { useEffect, useState } from "react";

/** The time, renewed so often that "3 minutes ago" stays true. */
export function useNow(every_ms = 10_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now;
}
