import { texts } from "../../../../texts.ts";

/** What a webhook tells, in words; a kind that we do not know, as Dutchie writes it. */
export const kindOf = (type: string): string => texts.activity.webhooks.types[type] ?? type;
