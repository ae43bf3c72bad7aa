/** The error that the API answered, or why there was no answer. */
export class ReupError extends Error {
  override readonly name = "ReupError";
  readonly details: Record<string, unknown>;
  /** Quote it when you report the error. */
  readonly request_id: string | null;
  /** After how many seconds to try again, if the server says so. */
  readonly retry_after: number | null;

  constructor(
    /** The HTTP status; 0: there was no answer. */
    readonly status: number,
    /** A code of the API contract; or NETWORK, NO_TOKEN, BAD_RESPONSE. */
    readonly code: string,
    message: string,
    given: {
      details?: Record<string, unknown>;
      request_id?: string | null;
      retry_after?: number | null;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: given.cause });
    this.details = given.details ?? {};
    this.request_id = given.request_id ?? null;
    this.retry_after = given.retry_after ?? null;
  }

  /** Whether the same request would fail again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

/** Whoever answers longer than that may be anybody: a page must not be silent for a day. */
const MAX_RETRY_AFTER = 3_600;

/** null: no statement, or none that is a wait: then the caller's own pause counts. */
const retryAfter = (header: string | null): number | null =>
  header !== null && /^\d{1,9}$/.test(header) ? Math.min(Number(header), MAX_RETRY_AFTER) || null : null;

interface Envelope {
  error?: { code?: string; message?: string; details?: Record<string, unknown> };
}

/** The caller's own doing is no error of ReUp's. */
function orAbort(error: unknown): null {
  if (error instanceof Error && error.name === "AbortError") throw error;
  return null;
}

export const NOT_READABLE = "Something between ReUp and this page changed the answer. Try again.";

export const toReupError = {
  async answered(response: {
    status: number;
    headers: { get(name: string): string | null };
    json(): Promise<unknown>;
  }): Promise<ReupError> {
    const { error } = ((await response.json().catch(orAbort)) ?? {}) as Envelope;
    const message = error?.message ?? `The server answered ${response.status}.`;
    return new ReupError(response.status, error?.code ?? "SERVER_ERROR", message, {
      ...(error?.details && { details: error.details }),
      request_id: response.headers.get("x-request-id"),
      retry_after: retryAfter(response.headers.get("retry-after")),
    });
  },
  unreadable(status: number, cause?: unknown): ReupError {
    return new ReupError(status, "BAD_RESPONSE", NOT_READABLE, { cause });
  },
  thrown(error: unknown): never {
    orAbort(error);
    throw new ReupError(0, "NETWORK", "ReUp could not be reached. Check the connection.", { cause: error });
  },
};
