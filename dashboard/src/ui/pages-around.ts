/** The numbers that a pager shows: the first, the last and those beside the page. A gap is a negative number, each its own. */
export function pagesAround(page: number, pages: number): number[] {
  const numbers = [1, page - 1, page, page + 1, pages].filter((each) => each >= 1 && each <= pages);
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  return sorted.flatMap((each, i) => {
    const before = sorted[i - 1] ?? each - 1;
    if (each - before === 2) return [each - 1, each];
    return each - before > 2 ? [-each, each] : [each];
  });
}
