import { day } from "../../../format.ts";
import { texts } from "../../../texts.ts";
import { Time } from "../../../ui/time.tsx";

export interface ComputedProps {
  from: string;
  to: string;
  time_zone: string;
  computed_at: string;
}

/** The days that the figures are about, and when they were computed. */
export function Computed({ from, to, time_zone, computed_at }: ComputedProps) {
  return (
    <p className="text-sm text-dim">
      {texts.inventory.figuresOf(day(from), day(to), time_zone)} <Time at={computed_at} isRelative />.
    </p>
  );
}
