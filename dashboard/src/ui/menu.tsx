import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

interface MenuItem {
  /** Two items can have the same label. */
  id: string;
  label: string;
  onSelect: () => void;
  disabled?: boolean;
}

export interface MenuProps {
  /** A button. */
  trigger: ReactNode;
  /** Stands above the items. */
  head?: ReactNode;
  items: readonly MenuItem[];
}

export function Menu({ trigger, head, items }: MenuProps) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-50 max-w-[90vw] min-w-44 md:max-w-md rounded-md border border-line bg-surface p-1 shadow-lg"
        >
          {head !== undefined && (
            <DropdownMenu.Label className="px-2 py-1.5 text-sm text-dim">{head}</DropdownMenu.Label>
          )}
          {items.map(({ id, label, onSelect, disabled = false }) => (
            <DropdownMenu.Item
              key={id}
              disabled={disabled}
              onSelect={onSelect}
              className="cursor-pointer rounded wrap-anywhere px-2 py-1.5 outline-none data-disabled:opacity-55 data-highlighted:bg-raised"
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
