import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";

/** Opens what a row is about; looks like the link it stands for. */
export function CellButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <UnstyledButton onClick={onClick} c="var(--mantine-color-anchor)" fz="inherit" fw={500} td="underline">
      {children}
    </UnstyledButton>
  );
}
