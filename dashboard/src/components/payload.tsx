import { Code } from "@mantine/core";

/** JSON for people to read. */
export function Payload({ label, value }: { label: string; value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
    <section aria-label={label} tabIndex={0} className="payload">
      <Code block>{JSON.stringify(value, null, 2)}</Code>
    </section>
  );
}
