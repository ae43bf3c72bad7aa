import { z } from "zod";
import type { ChannelKind } from "../contract/http/alert-channels.ts";
import { checkEndpoint, type EndpointRules } from "../security/endpoint.ts";
import { keyHint } from "../security/hint.ts";

export type TargetResult = { ok: true; target: string } | { ok: false; reason: string };

/** RFC 5321, 4.5.3.1.3. The pattern knows no space, comma or line end: it is one address and nothing else. */
const address = z.email().max(254);

/** May alerts be sent there? Asked when a target is entered and before each use. */
export function checkTarget(kind: ChannelKind, target: string, rules: EndpointRules): TargetResult {
  // A hint would pass as an address, too, but as a wrong one.
  if (target.includes("…")) return { ok: false, reason: "This is a hint of an address; enter the whole address." };
  if (kind === "email") {
    const parsed = address.safeParse(target);
    return parsed.success
      ? { ok: true, target: parsed.data }
      : { ok: false, reason: "The e-mail address is not valid." };
  }
  const checked = checkEndpoint(target, { ...rules, whole: true });
  return checked.ok ? { ok: true, target: checked.url } : checked;
}

/** Enough to recognise one's own targets, too little to send to: `https://hooks.slack.com/…x9Qz`, `a…@shop.example`. */
export function targetHint(kind: ChannelKind, target: string): string {
  if (kind === "email") return `${target.slice(0, 1)}…${target.slice(target.lastIndexOf("@"))}`;
  const { origin } = new URL(target);
  const rest = target.slice(origin.length + 1);
  return rest === "" ? origin : `${origin}/${keyHint(rest)}`;
}
