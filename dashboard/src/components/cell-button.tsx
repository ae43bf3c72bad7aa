import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";

/** A button in a table cell that opens the row; it looks like a link. */
export function CellButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <UnstyledButton onClick={onClick} c="var(--mantine-color-anchor)" fz="inherit" fw={500} td="underline">
      {children}
    </UnstyledButton>
  );
}
