import { cut } from "../domain/values/shorten.ts";
import { duration, headline, type Notice } from "./notice.ts";

/** RFC 5322 allows 998; a list of mails shows fewer than this. */
const SUBJECT_CHARACTERS = 200;

/** The fields of a plain-text mail, from which the platform builds the message. `to` was checked: it is one address. */
export function emailOf(notice: Notice, from: string, to: string) {
  return {
    from: { name: "ReUp – Dutchie", email: from },
    to,
    subject: cut(oneLine(headline(notice)), SUBJECT_CHARACTERS),
    text: [notice.message, duration(notice), notice.url].join("\n\n"),
  };
}

/** A person chose the store's name; a line end in it would begin a mail header. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
