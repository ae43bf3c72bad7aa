/**
 * Takes the first step of a generator at once and hands it back as if nothing had happened. What breaks before the first
 * value is thrown here; and because it has started, its `finally` runs even if nobody ever iterates but calls `return`.
 */
export async function primed<T>(
  source: AsyncGenerator<T, void, undefined>,
): Promise<AsyncGenerator<T, void, undefined>> {
  let first: IteratorResult<T, void> | null = await source.next();
  const next = source.next.bind(source);
  source.next = async () => {
    if (first === null) return next();
    const step = first;
    first = null;
    return step;
  };
  return source;
}
