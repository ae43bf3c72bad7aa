/** The changelog with a release made of what is unreleased, and nothing unreleased. Throws if there is nothing to release. */
export function released(changelog: string, version: string, day: string): string {
  const heading = "## [Unreleased]\n";
  const start = changelog.indexOf(heading);
  if (start === -1) throw new Error(`CHANGELOG.md has no heading ${heading.trim()}.`);
  if (hasRelease(changelog, version)) throw new Error(`CHANGELOG.md has a release ${version} already.`);
  const rest = changelog.slice(start + heading.length);
  const next = rest.search(/^## /m);
  if (!/^- /m.test(next === -1 ? rest : rest.slice(0, next))) throw new Error("CHANGELOG.md has nothing unreleased.");
  const before = changelog.slice(0, start).replace(" Nothing is released yet.", "");
  return `${before}${heading}\n## [${version}] - ${day}\n${rest}`;
}

export const hasRelease = (changelog: string, version: string): boolean => changelog.includes(`## [${version}]`);

/** Whether a version comes after another. */
export function isNewer(version: string, than: string): boolean {
  const [ours, theirs] = [version, than].map((each) => each.split(".").map(Number));
  const at = [0, 1, 2].find((part) => ours?.[part] !== theirs?.[part]);
  return at !== undefined && Number(ours?.[at]) > Number(theirs?.[at]);
}
