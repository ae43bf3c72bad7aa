import { CircleCheck, OctagonAlert } from "lucide-react";
import type { ConnectionTest } from "../../../../src/client/index.ts";
import { forPeople } from "../../format.ts";
import { texts } from "../../texts.ts";
import { Notice } from "../../ui/notice.tsx";
import type { DutchieProblems } from "./dutchie-fields.tsx";

const FIELDS: Record<string, keyof DutchieProblems> = {
  ECONNREFUSED: "endpoint",
  ENOTFOUND: "endpoint",
  TLS: "endpoint",
  TIMEOUT: "endpoint",
  NOT_DUTCHIE: "endpoint",
  UNAUTHORIZED: "api_key",
  FORBIDDEN: "api_key",
  WRONG_LOCATION: "location_id",
};

/** One failure is one message, at the field that can mend it. */
export function problemsOf(test: ConnectionTest | undefined): DutchieProblems {
  const error = test?.error ?? null;
  const field = error === null ? undefined : FIELDS[error.code];
  if (error === null || field === undefined) return {};
  return { [field]: `${forPeople(error.message)}. ${error.hint ?? ""}`.trim() };
}

/** The result of Test Connection. What failed at a field is told there; each check is folded. */
export function TestResult({ test }: { test: ConnectionTest }) {
  const { ok, error, location, latency_ms, checks } = test;
  const isToldAtField = Object.keys(problemsOf(test)).length > 0;
  const title = ok
    ? texts.connect.connected(location?.name ?? null, Math.round(latency_ms))
    : isToldAtField
      ? texts.connect.seeField
      : error === null
        ? texts.connect.notYet
        : forPeople(error.message);
  return (
    <Notice tone={ok ? "good" : "bad"} title={title} isLive>
      {!isToldAtField && error?.hint}
      <details className="mt-2" open={ok}>
        <summary>{texts.connect.checks}</summary>
        <ul className="mt-1 flex flex-col gap-1">
          {checks.map((check) => (
            <li key={check.name} className="flex gap-2">
              {check.ok ? (
                <CircleCheck aria-hidden size={18} className="mt-0.5 shrink-0 text-good" />
              ) : (
                <OctagonAlert aria-hidden size={18} className="mt-0.5 shrink-0 text-bad" />
              )}
              <span>
                <span className="font-medium">{texts.connect.check[check.name][check.ok ? "passed" : "failed"]}</span>{" "}
                <span className="text-dim">{check.detail}</span>
                {check.hint !== undefined && <span className="block">{check.hint}</span>}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </Notice>
  );
}
