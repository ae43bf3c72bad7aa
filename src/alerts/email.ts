import { duration, headline, type Notice } from "./notice.ts";

/** RFC 5322 allows 998; more than this is not read in a list of mails. */
const SUBJECT_CHARACTERS = 200;

/** The fields of a plain-text mail; the platform makes the message of them. `to` was checked: it is one address. */
export function emailOf(notice: Notice, from: string, to: string) {
  return {
    from: { name: "ReUp – Dutchie", email: from },
    to,
    subject: oneLine(headline(notice)).slice(0, SUBJECT_CHARACTERS),
    text: [notice.message, duration(notice), notice.url].join("\n\n"),
  };
}

/** A store's name is a person's text; a line end in it would begin a header of their own. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
