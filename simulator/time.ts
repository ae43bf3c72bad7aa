/** How Dutchie writes times: UTC, with or without the Z, and naive local time beside it. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** A stamp in UTC. The id decides whether the Z is missing, so that answers repeat. */
export function stamp(ms: number | null, id: number): string | null {
  if (ms === null) return null;
  return id % 3 === 0 ? iso(ms).slice(0, -1) : iso(ms);
}

/** A time in a query: UTC, whether it says so or not. */
export function parseUtc(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return null;
  const hasOffset = /(z|[+-]\d{2}:?\d{2})$/i.test(text) && text.includes("T");
  const ms = Date.parse(hasOffset ? text : `${text.includes("T") ? text : `${text}T00:00:00`}Z`);
  return Number.isNaN(ms) ? null : ms;
}

const HOUR = 3_600_000;

/** Local time of one time zone, without an offset. It looks the offset up once an hour, because formatters are slow. */
export class LocalClock {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
    });
  }

  naive(ms: number): string {
    return iso(ms + this.#offset(ms)).slice(0, -1);
  }

  #offset(ms: number): number {
    const hour = Math.floor(ms / HOUR);
    const known = this.#offsets.get(hour);
    if (known !== undefined) return known;
    const part: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(hour * HOUR)) part[type] = Number(value);
    const local = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day ?? 1, part.hour ?? 0);
    const offset = local - hour * HOUR;
    this.#offsets.set(hour, offset);
    return offset;
  }
}
