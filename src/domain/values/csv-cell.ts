export type Cell = string | number | boolean | null;

/** Signs with which a formula can begin in a spreadsheet; in Japanese ones also the wide forms. */
const FORMULA_SIGNS = new Set("=+-@＝＋－＠\t\r\n");
/** Separators at which some country's spreadsheet, or an import, may split a cell: a formula could begin after one. */
const SEPARATORS = new Set(";,|\t\r\n");
/** Spreadsheets skip these at the beginning of a cell. */
const SKIPPED = /[\s\p{C}"]/u;

/**
 * The text with an apostrophe before each sign at which a formula could begin: the spreadsheet then shows text. A sign
 * inside a text (`Blue Dream - 3.5 g`) stays, except `=` after a blank, which no name needs. One pass over the text.
 */
function harmless(text: string): string {
  let safe = "";
  let begins = true;
  let afterBlank = false;
  for (const char of text) {
    if (FORMULA_SIGNS.has(char) && (begins || (afterBlank && /[=＝]/.test(char)))) safe += "'";
    safe += char;
    begins = SEPARATORS.has(char) || (begins && SKIPPED.test(char));
    afterBlank = SKIPPED.test(char);
  }
  return safe;
}

/** Every text is quoted; numbers stay numbers. */
export function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  return `"${harmless(value).replaceAll('"', '""')}"`;
}
