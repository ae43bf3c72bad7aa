import { describe, expect, it } from "vitest";
import { type ChannelForm, isSameList } from "../../../dashboard/src/data/channel-form.ts";

const webhook: ChannelForm = { channel_id: "a", kind: "webhook", target: "https://…", rules: null, enabled: true };
const email: ChannelForm = { channel_id: "b", kind: "email", target: "o…", rules: ["drift", "stale"], enabled: true };

describe("the list of channels is the one that was opened", () => {
  it.each<[string, ChannelForm[]]>([
    ["as it was", [webhook, email]],
    ["with the rules in another order", [webhook, { ...email, rules: ["stale", "drift"] }]],
  ])("%s", (_, now) => {
    expect(isSameList([webhook, email], now)).toBe(true);
  });

  it.each<[string, ChannelForm[]]>([
    ["one was added", [webhook, email, { ...email, channel_id: "c" }]],
    ["one was removed", [webhook]],
    ["one was replaced", [webhook, { ...email, channel_id: "c" }]],
    ["one has another address", [{ ...webhook, target: "https://other" }, email]],
    ["one was switched off", [webhook, { ...email, enabled: false }]],
    ["one gets other alerts", [webhook, { ...email, rules: null }]],
  ])("not when %s", (_, now) => {
    expect(isSameList([webhook, email], now)).toBe(false);
  });
});
