import type { FleetStore, Health } from "../data/fleet.ts";
import { texts } from "../texts.ts";
import { Badge, type BadgeProps } from "./badge.tsx";

const LOOKS: Record<Health, Pick<BadgeProps, "tone" | "icon">> = {
  failing: { tone: "bad", icon: "failing" },
  stale: { tone: "warn", icon: "clock" },
  needs_decision: { tone: "warn", icon: "decide" },
  never_synced: { tone: "info", icon: "warning" },
  healthy: { tone: "good", icon: "check" },
  disconnected: { tone: "none", icon: "off" },
};

/** How a store fares, and beside it what it is doing: a sync under way never hides a failure. */
export function HealthBadge({ health, activity }: Pick<FleetStore, "health" | "activity">) {
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Badge {...LOOKS[health]} label={texts.health[health]} />
      {activity !== "idle" && <span className="text-sm text-dim">{texts.activityNow[activity]}</span>}
    </span>
  );
}
