import { duration, headline, type Notice } from "./notice.ts";
import type { Ask } from "./post.ts";

/** Characters of a section, as Slack counts them: escaped. A title has 1,100 at most. */
const SECTION_CHARACTERS = 3_000;
const SIGNS = { fired: "🔴", repeated: "🔴", resolved: "✅", test: "🔧" } as const;

/** A message for a Slack incoming webhook, or a compatible receiver: text for notifications, blocks for the channel. */
export function slackRequest(notice: Notice, target: string): Ask {
  const title = escaped(`${SIGNS[notice.kind]} ${headline(notice)}`);
  const message = fitting(notice.message, SECTION_CHARACTERS - `*${title}*\n`.length);
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  const body = JSON.stringify({
    text: `${title}\n${message}`,
    blocks: [
      section(`*${title}*\n${message}`),
      section(`${escaped(duration(notice))} · <${escaped(notice.url)}|Open the store>`),
    ],
  });
  return { url: target, body, headers: {} };
}

/** Slack's three control characters: `<!channel>` in a message would call everybody. */
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

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
