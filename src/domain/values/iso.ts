/** A time as the API, webhooks and Dutchie tell it: ISO 8601, UTC, to the millisecond. */
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
