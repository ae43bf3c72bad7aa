import { CircleAlert, CircleCheck, Info, OctagonAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const LOOKS = {
  good: { Icon: CircleCheck, color: "text-good", edge: "border-l-good" },
  info: { Icon: Info, color: "text-info", edge: "border-l-info" },
  warn: { Icon: CircleAlert, color: "text-warn", edge: "border-l-warn" },
  bad: { Icon: OctagonAlert, color: "text-bad", edge: "border-l-bad" },
} as const;

export interface NoticeProps {
  tone: keyof typeof LOOKS;
  title: ReactNode;
  children?: ReactNode;
  /** What to do about it. */
  action?: ReactNode;
  /** A screen reader reads it out at once. */
  isLive?: boolean;
}

/** A message. Its text says everything, because not everybody sees colours. */
export function Notice({ tone, title, children, action, isLive = false }: NoticeProps) {
  const { Icon, color, edge } = LOOKS[tone];
  return (
    <div
      className={classes("rounded-lg border border-l-4 border-line bg-surface p-4", edge)}
      {...(isLive ? { role: tone === "bad" ? "alert" : "status" } : {})}
    >
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex min-w-0 flex-1 basis-64 gap-2.5">
          <Icon aria-hidden size={20} className={classes("mt-0.5 shrink-0", color)} />
          <div className="min-w-0">
            <p className="font-semibold wrap-anywhere">{title}</p>
            {children !== undefined && <div className="text-sm">{children}</div>}
          </div>
        </div>
        {action}
      </div>
    </div>
  );
}
