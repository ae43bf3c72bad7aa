/**
 * Runs a generator up to its first value and returns a generator that still yields it. An error before the first value is
 * thrown here. The generator has started, so its `finally` runs even if the caller only calls `return`.
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
