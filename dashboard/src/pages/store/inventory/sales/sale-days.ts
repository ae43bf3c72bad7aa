import { addDays, startOfDay } from "../../../../../../src/client/rules.ts";
import { texts } from "../../../../texts.ts";

/** Local days, `2026-11-01`, or empty. */
export interface Days {
  from: string;
  to: string;
}

/** A year that is being typed is at 2, 20 and 202 before it is 2026. */
export const isTyping = (day: string): boolean => day !== "" && day < "1000";

const isDay = (day: string): boolean => day !== "" && !isTyping(day);

/** What is wrong with the days that somebody chose; null: nothing. */
export function problemOf({ from, to }: Days): string | null {
  return isDay(from) && isDay(to) && to < from ? texts.inventory.untilBeforeFrom : null;
}

/** The days as the API takes them: instants, the end of the last day excluded. */
export function spanOf({ from, to }: Days, time_zone: string): { from: string; to: string } {
  const begin = (day: string) => new Date(startOfDay(day, time_zone)).toISOString();
  return { from: isDay(from) ? begin(from) : "", to: isDay(to) ? begin(addDays(to, 1)) : "" };
}

/** A day that somebody typed into the address may be none. */
export const dayOrEmpty = (text: string): string =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "";
