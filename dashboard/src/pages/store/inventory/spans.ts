import { parseAsStringLiteral } from "nuqs";
import { texts } from "../../../texts.ts";

/** How many days figures are about. The API answers 92 at once. */
const SPANS = ["7", "30", "90"] as const;

export const spanParser = parseAsStringLiteral(SPANS).withDefault("30").withOptions({ history: "push" });

export const spanOptions = SPANS.map((value) => ({ value, label: texts.inventory.days(value) }));
