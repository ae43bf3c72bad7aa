/** Rules of the API that our own pages show before they call it. They are no part of the package for others. */

export { ALERT_RULES, type AlertRule, isAboutShelf } from "../domain/alerts/rules.ts";
export { DECISION_REASON, MAX_FILTER_TEXT, PRODUCT_NAME, PRODUCT_NOTES, SHORT_TEXT } from "../domain/bounds.ts";
export { lockOf } from "../domain/pushes/edit.ts";
export { PUSH_FIELDS } from "../domain/records/model.ts";
export { OVERRIDABLE, type Overridable } from "../domain/records/overrides.ts";
export { stalenessOf } from "../domain/records/version.ts";
export { isListedAgain, whyFinal } from "../domain/reviews/decided.ts";
export { REVIEW_KINDS } from "../domain/reviews/review.ts";
export { mayAct, type Role, roleOf } from "../domain/rights.ts";
export { csvCell } from "../domain/values/csv-cell.ts";
export { byName, matchesWords } from "../domain/values/search.ts";
export { cut } from "../domain/values/shorten.ts";
export { excessSigns, roomLeft, type TextBound } from "../domain/values/text-room.ts";
export { addDays, localDay, startOfDay } from "../domain/values/zone.ts";
export { CATEGORIES, ROOM_TYPES } from "../domain/vocabulary/reup.ts";
export { NOT_READABLE } from "./errors.ts";
