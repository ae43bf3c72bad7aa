import { retryAfterMs } from "../domain/limits/wait.ts";

export interface Ask {
  url: string;
  headers: Record<string, string>;
  /** JSON */
  body: string;
}

export interface Posted {
  status: number;
  /** Of Retry-After; null when it names none. */
  retry_after_ms: number | null;
  /** How the body begins, when the answer is not a 2xx. */
  text: string;
}

/** From the request to the end of the answer. A receiver only has to accept the message. */
const TIMEOUT_MS = 10_000;
const READ_BYTES = 1_024;

/** One POST. Throws what `fetch` throws. Redirects are not followed: they would lead past the check of the address. */
export async function post({ url, headers, body }: Ask): Promise<Posted> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "user-agent": "ReUp-Dutchie/1.0", ...headers },
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  // The status says enough: a body that stands still or breaks off changes nothing about it.
  const text = response.ok ? "" : await beginning(response).catch(() => "");
  response.body?.cancel().catch(() => undefined);
  const retry_after_ms = retryAfterMs(response.headers.get("retry-after"), Date.now());
  return { status: response.status, retry_after_ms, text };
}

async function beginning(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader !== undefined && text.length < READ_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader?.releaseLock();
  return text.slice(0, READ_BYTES);
}
