import { ago, dateTime } from "../format.ts";
import { useTimeZone } from "../time-zone.ts";
import { useNow } from "./use-now.ts";

/** A time in the store's time zone; with `relative`, how long ago it was. */
export function Time({
  at,
  relative = false,
  none = "never",
}: {
  at: string | null;
  relative?: boolean;
  none?: string;
}) {
  const time_zone = useTimeZone();
  const now = useNow();
  if (at === null) return <>{none}</>;
  const exact = dateTime(at, time_zone);
  return (
    <time dateTime={at} title={relative ? exact : at}>
      {relative ? ago(at, now) : exact}
    </time>
  );
}
