import { isPublicV4, isPublicV6, parseV4, parseV6 } from "./addresses.ts";

export type EndpointResult =
  /** `url` is normalised: the host is in lower case, and a base has no trailing slash. */
  { ok: true; url: string } | { ok: false; reason: string };

/** Names that mean this machine or this network, independent of DNS. */
const LOCAL_SUFFIXES = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "lan",
  "home",
  "corp",
  "private",
  "home.arpa",
  "in-addr.arpa",
  "ip6.arpa",
];

/** Public names that exist to resolve to private addresses. */
const REBINDING_SUFFIXES = ["nip.io", "sslip.io", "xip.io", "localtest.me", "lvh.me", "vcap.me", "lacolhost.com"];

export interface EndpointRules {
  /** Development: loopback (127.0.0.0/8, ::1, localhost) is allowed, over http too; private networks are not. */
  allowLocal: boolean;
  /**
   * Our own address (PUBLIC_URL), which is refused: a call to ourselves would bypass the checks on requests from outside.
   * null: the address may be ours, such as PUBLIC_URL itself.
   */
  own: string | null;
  /** The address is called unchanged and may have a query; else it is a base, to which paths are added. */
  whole?: boolean;
}

/**
 * Whether we may send a store's API key, or a notice, to this address: only by https, to a public host that is not our own.
 * We cannot see what a name resolves to. But the runtime's fetch reaches only the public internet, and we follow no redirect.
 */
export function checkEndpoint(text: string, { allowLocal, own, whole = false }: EndpointRules): EndpointResult {
  const url = parse(text);
  if (url === null)
    return refuse(`The endpoint is not a URL${whole ? "" : "; Dutchie's is https://api.pos.dutchie.com"}.`);
  if (url.username !== "" || url.password !== "" || /^[^/]*\/\/[^/?#]*@/.test(text)) {
    return refuse("The endpoint must not contain a user name or password.");
  }
  if (!whole && /[?#]/.test(text)) return refuse("The endpoint must not contain a query or a fragment.");
  if (text.includes("#")) return refuse("The endpoint must not contain a fragment.");
  const loopback = isLoopback(url.hostname);
  const allowed = url.protocol === "https:" || (url.protocol === "http:" && allowLocal && loopback);
  if (!allowed) return refuse("The endpoint must start with https://.");
  if (isLocal(url.hostname) && !(allowLocal && loopback)) {
    return refuse("The endpoint must be a public host, not a local, private or reserved address.");
  }
  if (own !== null && isOwn(url, own)) return refuse("The endpoint must not be this service's own address.");
  return { ok: true, url: whole ? url.href : `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, "")}` };
}

/** Whether both have the same scheme, host and port, in any spelling. */
export function isSameOrigin(one: string, other: string): boolean {
  const [a, b] = [parse(one), parse(other)];
  return a !== null && b !== null && a.origin === b.origin;
}

const refuse = (reason: string): EndpointResult => ({ ok: false, reason });

/** Normalises the host: the URL parser handles case, punycode and notations of addresses; we remove the final dot. */
function parse(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hostname.endsWith(".")) url.hostname = url.hostname.slice(0, -1);
  // No DNS name has an empty label (`a..b`, `a..`).
  return /^\.|\.\.|\.$/.test(url.hostname) ? null : url;
}

function isLoopback(host: string): boolean {
  const v4 = parseV4(host);
  return host === "localhost" || host === "[::1]" || (v4 !== null && Math.floor(v4 / 2 ** 24) === 127);
}

function isLocal(host: string): boolean {
  if (host.startsWith("[")) {
    const groups = parseV6(host.slice(1, -1));
    return groups === null || !isPublicV6(groups);
  }
  const v4 = parseV4(host);
  if (v4 !== null) return !isPublicV4(v4);
  // A name without a dot is looked up in the local network.
  if (!host.includes(".")) return true;
  return [...LOCAL_SUFFIXES, ...REBINDING_SUFFIXES].some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}

/** The Worker's name in wrangler.toml; an environment's follows after a dash. */
const WORKER = /^(.+-)?reup-dutchie(-[a-z]+)?$/;

/** Our public host on any port, or one of our names on workers.dev. A preview has a word before the name. */
function isOwn(url: URL, own_url: string): boolean {
  const own = parse(own_url);
  // On one machine only the port identifies the Worker, and every loopback address is that machine.
  if (own !== null && isLoopback(own.hostname)) return isLoopback(url.hostname) && url.port === own.port;
  if (own !== null && url.hostname === own.hostname) return true;
  const [name = "", ...account] = url.hostname.split(".");
  if (!/^[^.]+\.workers\.dev$/.test(account.join("."))) return false;
  const [ownName = "", ...ownAccount] = own?.hostname.split(".") ?? [];
  return WORKER.test(name) || (account.join(".") === ownAccount.join(".") && name.endsWith(`-${ownName}`));
}
