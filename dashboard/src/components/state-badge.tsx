import { Badge } from "@mantine/core";

const COLORS: Record<string, string> = {
  idle: "green",
  completed: "green",
  applied: "green",
  done: "green",
  active: "green",
  resolved: "green",
  syncing: "blue",
  running: "blue",
  sending: "blue",
  queued: "blue",
  pending: "gray",
  waiting: "yellow",
  conflict: "yellow",
  degraded: "yellow",
  warning: "yellow",
  stale: "yellow",
  open: "yellow",
  provisional: "yellow",
  completed_with_errors: "yellow",
  failing: "red",
  failed: "red",
  parked: "red",
  invalid: "red",
  critical: "red",
  firing: "red",
};

const WORDS: Record<string, string> = {
  never_synced: "Never synced",
  idle: "Up to date",
  syncing: "Syncing",
  degraded: "Syncing with errors",
  failing: "Failing",
  disconnected: "Disconnected",
  completed_with_errors: "Completed with errors",
  sending: "Being sent",
  conflict: "Needs a decision",
  parked: "Given up",
};

/** A state in words, with a colour beside it. */
export function StateBadge({ state, size = "md" }: { state: string; size?: "md" | "lg" }) {
  const color = COLORS[state] ?? "gray";
  return (
    <Badge
      variant="default"
      size={size}
      tt="none"
      miw="max-content"
      leftSection={
        <span
          aria-hidden
          style={{
            display: "inline-block",
            width: 8,
            height: 8,
            borderRadius: 4,
            background: `var(--mantine-color-${color}-6)`,
          }}
        />
      }
    >
      {WORDS[state] ?? state.charAt(0).toUpperCase() + state.slice(1).replaceAll("_", " ")}
    </Badge>
  );
}
