import { MAX_LOGGED_VALUE } from "../bounds.ts";

/** The text; if it has more characters, its beginning, and a sign that it goes on. */
export const cut = (text: string, characters: number): string =>
  text.length > characters ? `${text.slice(0, characters - 1).toWellFormed()}…` : text;

/** A value as logs and reports show it: a long text is cut. */
export const shorten = (value: unknown): unknown => (typeof value === "string" ? cut(value, MAX_LOGGED_VALUE) : value);
