import { Tooltip as Radix } from "radix-ui";
import type { ReactNode } from "react";

/** More about what it surrounds. The child must take the focus, so that the keyboard reaches the text. */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={200}>
      <Radix.Root>
        <Radix.Trigger asChild>{children}</Radix.Trigger>
        <Radix.Portal>
          <Radix.Content
            sideOffset={4}
            className="z-50 max-w-80 rounded-md bg-ink px-2.5 py-1.5 text-sm text-ground shadow-lg"
          >
            {text}
          </Radix.Content>
        </Radix.Portal>
      </Radix.Root>
    </Radix.Provider>
  );
}
