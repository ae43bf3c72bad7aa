import { ReupError } from "../../src/client/index.ts";

interface Issue {
  path: string;
  message: string;
}

interface Refusal {
  field: string;
  reason: string;
}

/** What the API says is wrong with each field of a form, or why it refuses the field, by the field's path. */
export function fieldProblems(error: unknown): Record<string, string> {
  if (!(error instanceof ReupError)) return {};
  const { issues, fields } = error.details;
  return Object.fromEntries([
    ...(Array.isArray(issues) ? (issues as Issue[]) : []).map(({ path, message }) => [path, message]),
    ...(Array.isArray(fields) ? (fields as Refusal[]) : []).map(({ field, reason }) => [field, reason]),
  ]);
}
