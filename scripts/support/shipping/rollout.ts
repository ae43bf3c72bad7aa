import type { Deployment } from "./account.ts";
import type { Deployed } from "./environment.ts";

/** The version that has all traffic; null: two share it. */
const wholeVersion = (deployment: Deployment): string | null =>
  deployment.versions.find(({ percentage }) => percentage === 100)?.version_id ?? null;

/**
 * The version to go back to. Of a rollout it is the last one that had all traffic. Otherwise it is the one before the version that has it
 * now, and never one that came in between and was gone back from: it failed. A version that a changed secret made has the code of
 * the one before it, which is passed over, too. Null: the list does not reach that far.
 */
export function versionBefore(
  deployments: readonly Deployment[],
  isSecretChange: (version: string) => boolean,
): string | null {
  const versions = deployments.map(wholeVersion);
  const [now = null] = versions;
  const behind = deployments.slice(now === null ? 1 : versions.lastIndexOf(now) + 1);
  if (now !== null && behind.length > 0 && isSecretChange(now)) return versionBefore(behind, isSecretChange);
  return behind.map(wholeVersion).find((version) => version !== null) ?? null;
}

/** Gives a version its share of the traffic, and the rest to the one before. */
export function shareArgs(env: Deployed, version: string, percent: number, before: string | null): string[] {
  const shares = [
    `${version}@${percent}%`,
    ...(before === null || percent === 100 ? [] : [`${before}@${100 - percent}%`]),
  ];
  return ["versions", "deploy", ...shares, "--env", env, "--yes"];
}

/** What is no part of a version. */
export const TRIGGERS = "Routes, schedules and consumers of queues";

/** How an operator gets those of a version. */
export const triggersOf = (env: Deployed, version: string): string =>
  `For those of version ${version}, check out its commit and run: npx wrangler triggers deploy --env ${env}`;

/** The id that wrangler prints when it has uploaded a version. */
export const uploadedVersion = (output: string): string | null =>
  /Version ID:\s*([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(output)?.[1] ?? null;
