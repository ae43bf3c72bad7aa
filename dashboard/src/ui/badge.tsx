import { Ban, Check, CircleAlert, CircleHelp, Clock, type LucideIcon, OctagonAlert, RefreshCw } from "lucide-react";
import { classes } from "./classes.ts";

type Tone = "good" | "info" | "warn" | "bad" | "none";

const TONES: Record<Tone, string> = {
  good: "bg-good-fill text-good",
  info: "bg-info-fill text-info",
  warn: "bg-warn-fill text-warn",
  bad: "bg-bad-fill text-bad",
  none: "bg-raised text-dim",
};

const ICONS = {
  check: Check,
  busy: RefreshCw,
  clock: Clock,
  decide: CircleHelp,
  warning: CircleAlert,
  failing: OctagonAlert,
  off: Ban,
} satisfies Record<string, LucideIcon>;

export interface BadgeProps {
  tone: Tone;
  icon?: keyof typeof ICONS;
  label: string;
}

/** A state: colour, sign and word, because not everybody sees colours. */
export function Badge({ tone, icon, label }: BadgeProps) {
  const Icon = icon === undefined ? null : ICONS[icon];
  return (
    <span
      className={classes(
        "inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium wrap-normal md:whitespace-nowrap",
        TONES[tone],
      )}
    >
      {Icon !== null && <Icon aria-hidden size={14} className="shrink-0" />}
      {label}
    </span>
  );
}
