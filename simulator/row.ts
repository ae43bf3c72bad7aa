/** A record as Dutchie sends it: a row of an answer or of a webhook. */
export type Row = Record<string, unknown>;
