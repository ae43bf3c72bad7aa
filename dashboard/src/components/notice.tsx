import { Group, Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";

const COLORS = { good: "green.7", info: "blue.7", warning: "yellow.7", bad: "red.7" } as const;
const SIGNS = { good: "✓", info: "i", warning: "!", bad: "✕" } as const;

export interface NoticeProps {
  tone: keyof typeof COLORS;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** A screen reader reads it out at once. */
  live?: boolean;
}

/** A message. Its text says everything, because not everybody sees colours. */
export function Notice({ tone, title, children, action, live = false }: NoticeProps) {
  const color = `var(--mantine-color-${COLORS[tone].replace(".", "-")})`;
  return (
    <Paper
      withBorder
      p="md"
      style={{ borderInlineStart: `4px solid ${color}` }}
      {...(live ? { role: tone === "bad" ? "alert" : "status" } : {})}
    >
      <Group justify="space-between" align="start" gap="sm">
        <div style={{ flex: "1 1 16rem" }}>
          <Text fw={600}>
            <span aria-hidden>{SIGNS[tone]} </span>
            {title}
          </Text>
          {children !== undefined && (
            <Text size="sm" component="div">
              {children}
            </Text>
          )}
        </div>
        {action}
      </Group>
    </Paper>
  );
}
