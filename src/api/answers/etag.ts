import { toBase64Url } from "../../security/base64.ts";

/** A weak ETag: two answers with the same content have the same tag. */
export async function etagOf(value: unknown): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `W/"${toBase64Url(new Uint8Array(digest).slice(0, 12))}"`;
}

/** RFC 9110, 13.1.2: any of the listed tags, compared weakly. */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.split(",").some((tag) => tag.trim() === "*" || bare(tag) === bare(etag));
}
