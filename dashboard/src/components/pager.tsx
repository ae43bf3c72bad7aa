import { Button, Group, Text } from "@mantine/core";
import { useState } from "react";

/** The position in a list that is read page by page: the cursors of the pages so far. */
export function usePages() {
  const [cursors, setCursors] = useState<(string | null)[]>([null]);
  return {
    cursor: cursors.at(-1) ?? null,
    page: cursors.length,
    next: (cursor: string) => setCursors((before) => [...before, cursor]),
    previous: () => setCursors((before) => (before.length > 1 ? before.slice(0, -1) : before)),
    first: () => setCursors([null]),
  };
}

export type Pages = ReturnType<typeof usePages>;

export function Pager({ pages, next_cursor, busy }: { pages: Pages; next_cursor: string | null; busy: boolean }) {
  return (
    <Group justify="space-between" mt="sm" component="nav" aria-label="Pages">
      <Button variant="default" disabled={pages.page === 1} onClick={pages.previous}>
        Previous page
      </Button>
      <Text size="sm" role="status">
        {busy ? "Loading the page …" : `Page ${pages.page}`}
      </Text>
      <Button
        variant="default"
        disabled={next_cursor === null || busy}
        onClick={() => next_cursor && pages.next(next_cursor)}
      >
        Next page
      </Button>
    </Group>
  );
}
