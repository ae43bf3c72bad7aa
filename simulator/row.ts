/** A record as Dutchie tells it: a row of an answer, or in the body of a webhook. */
export type Row = Record<string, unknown>;
