/** The error that the API answered, or why there was no answer. */
export class ReupError extends Error {
  override readonly name = "ReupError";
  readonly details: Record<string, unknown>;
  /** Quote it when you report the error. */
  readonly request_id: string | null;

  constructor(
    /** The HTTP status; 0: there was no answer. */
    readonly status: number,
    /** A code of the API contract; or NETWORK, NO_TOKEN, BAD_RESPONSE. */
    readonly code: string,
    message: string,
    given: { details?: Record<string, unknown>; request_id?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause: given.cause });
    this.details = given.details ?? {};
    this.request_id = given.request_id ?? null;
  }

  /** Whether the same request would fail again. */
  get final(): boolean {
    return this.status >= 400 && this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

interface Envelope {
  error?: { code?: string; message?: string; details?: Record<string, unknown> };
}

export const toReupError = {
  async answered(response: {
    status: number;
    headers: { get(name: string): string | null };
    json(): Promise<unknown>;
  }): Promise<ReupError> {
    const { error } = (await response.json().catch(() => ({}))) as Envelope;
    const message = error?.message ?? `The server answered ${response.status}.`;
    return new ReupError(response.status, error?.code ?? "SERVER_ERROR", message, {
      ...(error?.details && { details: error.details }),
      request_id: response.headers.get("x-request-id"),
    });
  },
  thrown(error: unknown): never {
    if (error instanceof Error && error.name === "AbortError") throw error;
    throw new ReupError(0, "NETWORK", "ReUp could not be reached. Check the connection.", { cause: error });
  },
};
