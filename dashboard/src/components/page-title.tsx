import { Group, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

/** The page's heading. It gets the focus when the page opens, so that a screen reader reads it out. */
export function PageTitle({ title, where, children }: { title: string; where?: string; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ReUp – Dutchie`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <Group justify="space-between" align="end" mb="md" gap="sm">
      <div>
        {where !== undefined && (
          <Text size="sm" c="dimmed">
            {where}
          </Text>
        )}
        <Title order={1} size="h2" ref={heading} tabIndex={-1}>
          {title}
        </Title>
      </div>
      {children !== undefined && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
