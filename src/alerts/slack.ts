import { duration, headline, type Notice } from "./notice.ts";
import type { Ask } from "./post.ts";

/** Characters of a section, as Slack counts them: escaped. A title has 1,100 at most. */
const SECTION_CHARACTERS = 3_000;
const SIGNS = { fired: "🔴", repeated: "🔴", resolved: "✅", test: "🔧" } as const;

/** A message for a Slack incoming webhook, or a compatible receiver: text for notifications, blocks for the channel. */
export function slackRequest(notice: Notice, target: string): Ask {
  const title = escaped(`${SIGNS[notice.kind]} ${headline(notice)}`);
  const message = fitting(notice.message, SECTION_CHARACTERS - `*${title}*\n`.length);
  // Verbatim: an address in a name is no link.
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } });
  const body = JSON.stringify({
    text: `${title}\n${message}`,
    blocks: [
      section(`*${title}*\n${message}`),
      section(`${escaped(duration(notice))} · <${entities(notice.url)}|Open the store>`),
    ],
  });
  return { url: target, body, headers: {} };
}

/** Slack's three control characters: `<!channel>` in a message would call everybody. */
const entities = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** A name may have signs that format, too. Slack has no escape for them, but formats nothing before a blank: one without width. */
const escaped = (text: string) => entities(text).replaceAll(/[*_~`]/g, "$&\u200b");

/** The text, escaped; if it is too long for the room, its beginning, and a sign that it goes on. */
function fitting(text: string, room: number): string {
  const whole = escaped(text);
  if (whole.length <= room) return whole;
  let beginning = "";
  for (const sign of text) {
    const longer = beginning + escaped(sign);
    if (longer.length >= room) break;
    beginning = longer;
  }
  return `${beginning}…`;
}
