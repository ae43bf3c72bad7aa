import { MAX_LOGGED_VALUE } from "../bounds.ts";

/** A value as logs and reports show it: a long text is cut. */
export const shorten = (value: unknown): unknown =>
  typeof value === "string" && value.length > MAX_LOGGED_VALUE
    ? `${value.slice(0, MAX_LOGGED_VALUE - 1).toWellFormed()}…`
    : value;
