import { isPublicV4, isPublicV6, parseV4, parseV6 } from "./addresses.ts";

export type EndpointResult =
  /** `url` is normalised: host in lower case and, of a base, no trailing slash. */
  { ok: true; url: string } | { ok: false; reason: string };

/** Names that mean this machine or this network, whatever DNS says. */
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

/**
 * May we send a store's API key, or an alert, there? Only https to a public host. What a public name resolves to is not
 * for us to see: the runtime's outbound fetch reaches the public internet only, and redirects are not followed.
 * `whole`: the address is called as it stands and may carry a query; else it is a base, to which paths are added.
 */
export function checkEndpoint(
  text: string,
  { allowLocal, whole = false }: { allowLocal: boolean; whole?: boolean },
): EndpointResult {
  const url = parse(text);
  if (url === null)
    return refuse(`The endpoint is not a URL${whole ? "" : "; Dutchie's is https://api.pos.dutchie.com"}.`);
  if (url.username !== "" || url.password !== "" || /^[^/]*\/\/[^/?#]*@/.test(text)) {
    return refuse("The endpoint must not contain a user name or password.");
  }
  if (!whole && /[?#]/.test(text)) return refuse("The endpoint must not contain a query or a fragment.");
  if (text.includes("#")) return refuse("The endpoint must not contain a fragment.");
  const local = isLocal(url.hostname);
  const allowed = url.protocol === "https:" || (url.protocol === "http:" && allowLocal && local);
  if (!allowed) return refuse("The endpoint must start with https://.");
  if (local && !allowLocal) {
    return refuse("The endpoint must be a public host, not a local, private or reserved address.");
  }
  return { ok: true, url: whole ? url.href : `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, "")}` };
}

const refuse = (reason: string): EndpointResult => ({ ok: false, reason });

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** The URL parser has brought every notation of an address (octal, hex, decimal, short, full-width) to one. */
function isLocal(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (host.startsWith("[")) {
    const groups = parseV6(host.slice(1, -1));
    return groups === null || !isPublicV6(groups);
  }
  const v4 = parseV4(host);
  if (v4 !== null) return !isPublicV4(v4);
  // A name without a dot is looked up in the local domain.
  if (!host.includes(".")) return true;
  return [...LOCAL_SUFFIXES, ...REBINDING_SUFFIXES].some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
}
