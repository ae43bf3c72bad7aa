import { duration, headline, type Notice } from "./notice.ts";
import type { Ask } from "./post.ts";

/** A section has at most 3,000 characters. An escaped character takes up to five; the store's name has up to 200 characters. */
const MESSAGE_CHARACTERS = 350;
const SIGNS = { fired: "🔴", repeated: "🔴", resolved: "✅", test: "🔧" } as const;

/** A message for a Slack incoming webhook, or a compatible receiver: text for notifications, blocks for the channel. */
export function slackRequest(notice: Notice, target: string): Ask {
  const title = escaped(`${SIGNS[notice.kind]} ${headline(notice)}`);
  const message = escaped(notice.message.slice(0, MESSAGE_CHARACTERS));
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
