import { MAX_ERROR_BYTES } from "../../domain/bounds.ts";
import type { ClockReading } from "../../domain/clock.ts";
import type { DutchieError } from "../../domain/runs/failure.ts";
import { secretFinder } from "../../security/echo.ts";
import type { RateClass } from "../profiles/index.ts";
import { type BodyReader, openBody, readText } from "./body.ts";
import { classifyResponse, isHtml } from "./classify-response.ts";
import { classifyThrown } from "./classify-thrown.ts";
import { type ClientDeps, type DutchieConfig, TIMEOUTS } from "./config.ts";
import { clockReading } from "./date-header.ts";
import { DutchieReadError, dutchieError } from "./errors.ts";
import { ageMs, type ListHeaders, listHeaders, whyNoList } from "./list-headers.ts";
import type { Meter } from "./meter.ts";

export interface OutgoingRequest {
  url: string;
  rate: RateClass;
  role: string | null;
  /** Absent: a GET. */
  write?: { method: "POST" | "PATCH"; body: string };
}

export interface Answer {
  /** When the request started, on our clock; for a copy from a cache, when the copy was made. */
  started: number;
  /** Dutchie's clock minus ours by the Date header. `domain/clock.ts` decides how far to trust it. */
  clock_reading: ClockReading;
  /** What its headers say about the list. */
  listed: ListHeaders;
  body: BodyReader;
}

/** One request, without retry: the caller decides about failures. Any answer but a 2xx is an error value. */
export async function request(
  config: DutchieConfig,
  sending: OutgoingRequest,
  deps: ClientDeps & { meter: Meter },
): Promise<{ ok: true; answer: Answer } | { ok: false; error: DutchieError }> {
  const allowed = await deps.beforeRequest?.(sending.rate);
  if (allowed && !allowed.ok) return allowed;

  const now = deps.now ?? Date.now;
  const timeouts = { ...TIMEOUTS, ...deps.timeouts };
  const send = deps.fetch ?? ((url: string, init: RequestInit) => fetch(url, init));
  const controller = new AbortController();
  const { meter } = deps;
  const started = now();
  try {
    const { write } = sending;
    meter.count("requests", 1);
    const sent = send(sending.url, {
      ...(write && { method: write.method, body: write.body }),
      headers: { ...headersOf(config), ...(write && { "Content-Type": "application/json" }) },
      // A redirect could carry the key to another host.
      redirect: "manual",
      signal: controller.signal,
    });
    const response = await meter.wait(sent, timeouts.headers, timedOut, controller.signal);
    const answeredAt = now();
    const body = openBody(response.body, {
      controller,
      idle_ms: timeouts.idle,
      total_ms: timeouts.total,
      url: sending.url,
      meter,
    });
    const path = new URL(sending.url).pathname;
    // For a manual redirect workerd returns the 3xx itself; a browser returns status 0.
    const isEmpty = response.status === 204 && write === undefined;
    if (response.status < 200 || response.status > 299 || isEmpty) {
      const text = await readText(body, MAX_ERROR_BYTES);
      return {
        ok: false,
        error: classifyResponse(response.status, response.headers, text, {
          path,
          role: sending.role,
          now: now(),
          isWrite: write !== undefined,
          containsSecret: secretFinder([config.api_key.trim(), config.integrator_key?.trim() ?? ""]),
        }),
      };
    }
    if (isHtml(response.headers, "")) {
      await body.close();
      return { ok: false, error: dutchieError("NOT_DUTCHIE", `${path} answered with a web page instead of data`) };
    }
    const incomplete = write === undefined ? whyNoList(response.status, response.headers, path) : null;
    if (incomplete !== null) {
      await body.close();
      return { ok: false, error: incomplete };
    }
    const age = ageMs(response.headers);
    return {
      ok: true,
      answer: {
        started: started - age,
        clock_reading: clockReading(response.headers.get("date"), started - age, answeredAt - age),
        listed: listHeaders(response.headers, sending.url),
        body,
      },
    };
  } catch (error) {
    controller.abort();
    if (error instanceof DutchieReadError) return { ok: false, error: error.error };
    return { ok: false, error: classifyThrown(error, { url: sending.url }) };
  }
}

/** The endpoint's base with a path and a query; null when the endpoint is no URL. */
export function urlOf(endpoint: string, path: string, query: Record<string, string>): string | null {
  const [address = ""] = endpoint.trim().split(/[?#]/, 1);
  const base = address.replace(/(?<!\/)\/+$/, "");
  if (!/^https?:\/\/[^/]/i.test(base) || !URL.canParse(base + path)) return null;
  const url = new URL(base + path);
  // A user and password in the address would be sent with the key and appear in logs.
  url.username = "";
  url.password = "";
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.toString();
}

function headersOf(config: DutchieConfig): Record<string, string> {
  const headers: Record<string, string> = {
    // Without these two, Dutchie's firewall answers 403.
    Accept: "application/json",
    "User-Agent": "reup-dutchie/0.1",
    // A copy that a cache has kept would bring sold stock back.
    "Cache-Control": "no-cache",
  };
  const key = config.api_key.trim();
  if (config.auth === "basic")
    headers.Authorization = `Basic ${base64(`${key}:${config.integrator_key?.trim() ?? ""}`)}`;
  else if (config.auth === "bearer") headers.Authorization = `Bearer ${key}`;
  else headers[config.auth.header] = key;
  return headers;
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

const timedOut = () => new DOMException("no headers in time", "TimeoutError");
