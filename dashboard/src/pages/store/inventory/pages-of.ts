import { PAGE_ROWS } from "../../../data/records.ts";

/** The API skips no more rows than the pages before this one have. */
export const MAX_PAGES = 400;

export const pagesOf = (total: number): number => Math.min(MAX_PAGES, Math.max(1, Math.ceil(total / PAGE_ROWS)));
