import { ago, dateTime } from "../format.ts";
import { useTimeZone } from "../time-zone.ts";
import { useNow } from "./use-now.ts";

export interface TimeProps {
  at: string | null;
  /** How long ago it was. */
  isRelative?: boolean;
  none?: string;
}

/** A time in the store's time zone. */
export function Time({ at, isRelative = false, none = "never" }: TimeProps) {
  const time_zone = useTimeZone();
  const now = useNow();
  if (at === null) return <>{none}</>;
  const exact = dateTime(at, time_zone);
  return (
    <time
      dateTime={at}
      title={isRelative ? exact : at}
      className="wrap-normal md:whitespace-nowrap"
      // Within a message it is read out with it, and not again each time that it has grown older.
      {...(isRelative ? { "aria-live": "off" } : {})}
    >
      {isRelative ? ago(at, now) : exact}
    </time>
  );
}
