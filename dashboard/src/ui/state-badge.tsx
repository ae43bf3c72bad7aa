import { texts } from "../texts.ts";
import { Badge, type BadgeProps } from "./badge.tsx";

type State = keyof typeof texts.activity.states;

const BUSY = { tone: "info", icon: "busy" } as const;
const FINE = { tone: "good", icon: "check" } as const;
const OFF = { tone: "none", icon: "off" } as const;

const LOOKS: Record<State, Pick<BadgeProps, "tone" | "icon">> = {
  queued: BUSY,
  running: BUSY,
  sending: BUSY,
  waiting: { tone: "info", icon: "clock" },
  pending: { tone: "info", icon: "clock" },
  completed: FINE,
  applied: FINE,
  done: FINE,
  completed_with_errors: { tone: "warn", icon: "warning" },
  conflict: { tone: "warn", icon: "decide" },
  failed: { tone: "bad", icon: "failing" },
  invalid: { tone: "bad", icon: "failing" },
  parked: { tone: "bad", icon: "failing" },
  cancelled: OFF,
  duplicate: OFF,
  stale: OFF,
  ignored: OFF,
};

/** The state of a sync, a webhook or an edit. */
export function StateBadge({ state }: { state: State }) {
  return <Badge {...LOOKS[state]} label={texts.activity.states[state]} />;
}
