/** Which IP addresses we may call: only unicast addresses on the public internet. */

/** `[network, prefix length]`: IANA's special-purpose registry for IPv4. */
const RESERVED_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // carrier-grade NAT; 100.100.100.200 is a cloud's metadata service
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local; 169.254.169.254 is the metadata service of other clouds
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/** A dotted quad from the URL parser, which has already converted octal, hex and decimal forms. */
export function parseV4(host: string): number | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  if (parts.some((part) => part > 255)) return null;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function isPublicV4(address: number): boolean {
  return !RESERVED_V4.some(([network, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor((parseV4(network) ?? 0) / size);
  });
}

/** The eight groups of an IPv6 address from the URL parser, without brackets; null when it is none. */
export function parseV6(host: string): number[] | null {
  const [head, tail, ...rest] = host.split("::");
  if (head === undefined || rest.length > 0) return null;
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const before = groups(head);
  const after = groups(tail ?? "");
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const all = [...before, ...Array<string>(missing).fill("0"), ...after];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) ? all.map((group) => Number.parseInt(group, 16)) : null;
}

/** Only 2000::/3 is public. An address inside it that contains an IPv4 address is checked by that one. */
export function isPublicV6(groups: readonly number[]): boolean {
  const [a = 0, b = 0, c = 0] = groups;
  if (a < 0x2000 || a > 0x3fff) return false;
  if (a === 0x2001 && (b < 0x0200 || b === 0x0db8)) return false; // Teredo, ORCHID, benchmarking …; documentation
  if (a === 0x2002) return isPublicV4(b * 0x10000 + c); // 6to4
  return !(a === 0x3fff && b < 0x1000); // documentation
}
