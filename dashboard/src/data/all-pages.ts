interface CursorPage<T> {
  data: T[];
  /** An answer that was changed on the way may lack it: the list would begin anew. */
  next_cursor?: string | null;
}

/** Rows of one request: the most that the API gives. */
const MOST_ROWS = 500;
/** Requests for one list: 5,000 rows. Nobody works through more, and a server that never ends a list must not hold the page. */
const MAX_PAGES = 10;

/** Follows a list's cursors. `isWhole` is false if there are more pages than are read. */
export async function allPages<T>(
  ask: (asked: { limit: number; cursor?: string }) => Promise<CursorPage<T>>,
): Promise<{ data: T[]; isWhole: boolean }> {
  const data: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    const read: CursorPage<T> = await ask({ limit: MOST_ROWS, ...(cursor === null ? {} : { cursor }) });
    data.push(...read.data);
    cursor = read.next_cursor ?? null;
    if (cursor === null) return { data, isWhole: true };
  }
  return { data, isWhole: false };
}
