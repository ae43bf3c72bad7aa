/** Cloudflare's envelope around a result. */
export const done = <T>(result: T) => ({ success: true, errors: [], messages: [], result });

/** The same around one page of a list, which is the whole list here. */
export const listed = <T>(result: readonly T[]) => ({
  ...done(result),
  result_info: { page: 1, per_page: 100, count: result.length, total_count: result.length },
});
