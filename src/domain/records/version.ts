import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { MAX_SKEW_MS, SAME_STAMP_MS } from "../bounds.ts";
import type { Resource } from "./model.ts";

/** S: how old an answer of Dutchie's may be. Dutchie documents 1 to 5 minutes. */
export const STALENESS_MS = 5 * 60_000;
/** S of products: changes were seen to lag by up to an hour, and the catalogue lacks a new product for as long. */
const PRODUCT_STALENESS_MS = 60 * 60_000;

/** S of a resource, ms. */
export const stalenessOf = (resource: Resource): number =>
  resource === "products" ? PRODUCT_STALENESS_MS : STALENESS_MS;

/** The time at which the rows of a read that started at T (ms) were true: T − S of its resource, and never after our now. */
export const asOf = (resource: Resource, started_at: number, now: number): number =>
  Math.min(started_at - stalenessOf(resource), now);

/**
 * Orders the states of one record. `source_at` is Dutchie's last-modified (ms), for a webhook without one the time the
 * event occurred, for a snapshot row at least T − S. `source_rank`: 1 for a snapshot, 0 for an event.
 */
export interface Version {
  source_at: number;
  source_rank: 0 | 1;
  content_hash: string;
}

/**
 * How rows came to us; times in ms. `received_at`: when our edge accepted the event. `as_of`: see `asOf`. `complete`: the
 * read asks for everything, so what it does not list is gone. `started_at`: when the read began, on our clock; absent: the
 * rows were not read.
 */
export type Read =
  | { kind: "event"; occurred_at: number; received_at: number }
  | { kind: "snapshot"; as_of: number; complete: boolean; started_at?: number };

/** The version of a row (rule 1). Never after our own now. */
export function versionOf(modified_at: number | null, read: Read, content_hash: string, now: number): Version {
  // An event's time is compared with its receipt: otherwise a replay would make it newer than it was.
  if (read.kind === "event") {
    const modified = believedStamp(modified_at, read.received_at);
    const occurred = believedStamp(read.occurred_at, read.received_at);
    return { source_at: modified ?? occurred ?? read.received_at, source_rank: 0, content_hash };
  }
  const modified = believedStamp(modified_at, now) ?? 0;
  return { source_at: Math.max(modified, Math.min(read.as_of, now)), source_rank: 1, content_hash };
}

/**
 * Content can change under one stamp: by a setting, or when Dutchie does not stamp a change. Then the later read counts. A
 * read that began after the stored row was written gets the version right behind it, but never after our now.
 */
export function behindStored(version: Version, read: Read, stored: Stored | undefined, now: number): Version {
  if (stored === undefined || read.kind === "event" || read.started_at === undefined) return version;
  const ahead = stored.source_at - version.source_at;
  const isLater = stored.source_rank === 1 && read.started_at > (stored.updated_at ?? Number.POSITIVE_INFINITY);
  if (!isLater || ahead < 0 || ahead > SAME_STAMP_MS || stored.source_at >= now) return version;
  return { ...version, source_at: stored.source_at + 1 };
}

/** A version as it is stored, and when it was written, ms. */
export type Stored = Version & { updated_at?: number };

/**
 * A stamp as far as it is believed. A stamp slightly after our now counts as now. One further ahead (a wrong clock, or a
 * placeholder such as 9999-12-31) does not count: it would block every later change.
 */
export const believedStamp = (stamp: number | null, now: number): number | null =>
  stamp === null || stamp > now + MAX_SKEW_MS ? null : Math.min(stamp, now);

/**
 * Negative when `a` is older. At equal times a snapshot beats an event, then the greater content hash wins, so every order
 * of arrival ends alike.
 */
export function compareVersions(a: Version, b: Version): number {
  if (a.source_at !== b.source_at) return a.source_at - b.source_at;
  if (a.source_rank !== b.source_rank) return a.source_rank - b.source_rank;
  return a.content_hash < b.content_hash ? -1 : a.content_hash > b.content_hash ? 1 : 0;
}

/** 64 bits of SHA-256 over the values in the given order, for ids and for facts that decisions rest on: on any machine the same. */
export function contentHash(values: readonly unknown[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(values))).subarray(0, 8));
}
