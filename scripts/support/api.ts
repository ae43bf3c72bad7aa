/** An answer that is not 2xx. */
export class CallError extends Error {
  override readonly name = "CallError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The message in ReUp's error envelope, with its details; any other body as it is. */
function reasonIn(body: string): string {
  try {
    const { message, details } = (JSON.parse(body) as { error: { message: string; details?: object } }).error;
    return `${message}${Object.keys(details ?? {}).length === 0 ? "" : ` ${JSON.stringify(details)}`}`;
  } catch {
    return body.slice(0, 2_000);
  }
}

/** A thin client of the Worker's API, for scripts and end-to-end tests. */
export class Api {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** The parsed answer; throws with ReUp's error when the status is not 2xx. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        // A simulator that builds its store blocks this process for seconds: a kept connection is closed meanwhile, and the next call on it fails.
        connection: "close",
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new CallError(response.status, `${method} ${path} answered ${response.status}: ${reasonIn(text)}`);
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  get<T>(path: string): Promise<T> {
    return this.call("GET", path);
  }

  /** All pages of a list. */
  async all<T>(path: string): Promise<T[]> {
    const rows: T[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `${path.includes("?") ? "&" : "?"}limit=500${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { data: T[]; next_cursor: string | null } = await this.get(path + query);
      rows.push(...page.data);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return rows;
  }
}
