/** What parts the words of an error: an e-mail address has none of these inside. */
const WORD = /[^\s"'<>(){}[\],;:=|]+/g;
/** The sign of an e-mail address, also as URLs, HTML and JSON write it. */
const AT = /@|＠|%40|&#64|&#x40|\\u0040/i;
/** A phone number has seven digits without its area code. Licences and cards have more, and are as personal. */
const NUMBER = /[+(]?\p{Nd}(?:[\s()./‐-―-]{0,3}\p{Nd}){6,}/gu;

/**
 * Dutchie's own words without e-mail addresses and long numbers: they may be a customer's, and what is quoted goes into runs,
 * alerts and messages to channels. The time grows with the text's length and no faster.
 */
export function withoutContacts(text: string): string {
  return text.replace(WORD, (word) => (AT.test(word) ? "[e-mail address]" : word)).replace(NUMBER, "[number]");
}
