import { Text } from "@mantine/core";
import { Time } from "../../../components/time.tsx";

export interface ComputedProps {
  from: string;
  to: string;
  time_zone: string;
  computed_at: string;
}

/** The days that the figures cover, and when they were computed. */
export function Computed({ from, to, time_zone, computed_at }: ComputedProps) {
  return (
    <Text size="sm" c="dimmed">
      {from === to ? from : `${from} to ${to}`}, in the time zone {time_zone}. Computed once a day, last{" "}
      <Time at={computed_at} relative />.
    </Text>
  );
}
