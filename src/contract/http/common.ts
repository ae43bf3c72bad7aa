import { z } from "@hono/zod-openapi";
import { DECISION_REASON, MAX_COUNTED_ROWS, MAX_FILTER_TEXT, MAX_SKIPPED_ROWS } from "../../domain/bounds.ts";
import { roomLeft } from "../../domain/values/text-room.ts";

/** zod with `.openapi()`, which adds descriptions and examples for the OpenAPI document. `src/contract` imports zod only from here. */
export { z };

export const errorEnvelope = z
  .object({
    error: z.object({
      code: z.enum([
        "INVALID_REQUEST",
        "UNAUTHORIZED",
        "FORBIDDEN",
        "NOT_FOUND",
        "METHOD_NOT_ALLOWED",
        "CONFLICT",
        "GONE",
        "PAYLOAD_TOO_LARGE",
        "KEY_REUSED",
        "RATE_LIMITED",
        "SERVER_ERROR",
        "UNAVAILABLE",
      ]),
      message: z.string(),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .openapi("Error");

/** Why something failed, and what to do about it. */
export const problem = z.object({ code: z.string(), message: z.string(), hint: z.string() });
export type ProblemJson = z.infer<typeof problem>;

/** A time in answers. */
export const time = z.string().openapi({ format: "date-time", example: "2026-11-01T09:30:00.000Z" });

/** A time in a query: ISO 8601 with Z or an offset, or a date (its start in UTC). Parsed to ms. */
export const timeQuery = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], "must be an ISO 8601 time, such as 2026-11-01T00:00:00Z")
  .transform((text) => Date.parse(text));

export const locationPath = z.object({ location_id: z.string().openapi({ example: "loc_5f0c2a9d1b3e4f60" }) });

const someRows = z.coerce.number().int().min(1).max(500);
/** How many rows a page has, unless somebody asks for another number. */
export const PAGE_ROWS = 100;
const limit = someRows.default(PAGE_ROWS);

export const pageQuery = z.object({ limit, cursor: z.string().optional() });

/** ReUp's way through a list. `page` absent: the whole list, or by cursors. */
export const pageNumber = z.object({
  limit,
  page: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_SKIPPED_ROWS)
    .optional()
    .openapi({ description: "From 1. The answer then has `pagination`" }),
});

/** Of a list that is whole unless a page of it is asked for. */
export const wholeOrPage = pageNumber.extend({
  limit: someRows
    .optional()
    .openapi({ description: `Without \`page\`: of the first page. With \`page\` alone ${PAGE_ROWS}` }),
});

/** A list by cursors, or by page numbers. */
export const listQuery = pageNumber.extend({ cursor: z.string().optional() });

export const pagination = z
  .object({
    page: z.number(),
    limit: z.number(),
    total: z.number().openapi({ description: `Counted up to ${MAX_COUNTED_ROWS}` }),
  })
  .openapi("Pagination");

/** A field that numbered pages are sorted by; with `-` from the greatest. */
export const sortQuery = <Name extends string>(...names: readonly Name[]) =>
  z
    .enum(names.flatMap((name): (Name | `-${Name}`)[] => [name, `-${name}`]))
    .optional()
    .openapi({ description: "Only with `page`. With `-` from the greatest; without a value comes last" });

export const filterText = z.string().max(MAX_FILTER_TEXT).optional();

/** Text that Dutchie and the database return unchanged: SQLite ends a text at NUL, and UTF-8 has no lone surrogates. */
export const clean = (max: number, control: RegExp) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => value.isWellFormed() && !control.test(value), "must not contain control characters");
export const CONTROL_BUT_LINES = /[^\P{Cc}\n\t]/u;

/** Text of one line that a person can see: a name of invisible signs only is a link that nobody finds. */
export const lineOfText = (max: number) =>
  clean(max, /\p{Cc}/u)
    .min(1)
    .refine((value) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(value), "must have a letter, a digit or a sign");

/** Why a person decides so. */
export const decisionReason = clean(DECISION_REASON.max, CONTROL_BUT_LINES)
  .refine((value) => roomLeft(value, DECISION_REASON) >= 0, `must have at most ${DECISION_REASON.max} bytes`)
  .optional()
  .openapi({ description: "Why, in the person's words; it is kept and shown with the decision" });

/** The body of a decision that needs no other word. Not strict: these routes once had no body, and ignored any. */
export const onlyReason = z.object({ reason: decisionReason });

/** true, false, or all. */
export const choice = z
  .enum(["true", "false"])
  .transform((text) => text === "true")
  .optional();

export const flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** Of a list that also has page numbers. */
export const numberedListOf = <T extends z.ZodType>(item: T) =>
  listOf(item).extend({ pagination: pagination.optional().openapi({ description: "Only if `page` was asked for" }) });

export const csvContent = { "text/csv": { schema: z.string() } };
