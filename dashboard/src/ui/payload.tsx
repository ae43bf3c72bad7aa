/** JSON for people to read. */
export function Payload({ label, value }: { label: string; value: unknown }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard.
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-md border border-line bg-raised p-3"
    >
      <pre className="text-xs">{JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
