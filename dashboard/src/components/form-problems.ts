import { ReupError } from "../../../src/client/index.ts";

interface Issue {
  path: string;
  message: string;
}

/** What the API found wrong with a form, by the field's path. */
export function fieldProblems(error: unknown): Record<string, string> {
  if (!(error instanceof ReupError)) return {};
  const issues = Array.isArray(error.details.issues) ? (error.details.issues as Issue[]) : [];
  return Object.fromEntries(issues.map(({ path, message }) => [path, message]));
}
