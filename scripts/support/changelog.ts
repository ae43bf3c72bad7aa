/** The changelog with a release made of what is unreleased, and nothing unreleased. Throws if there is nothing to release. */
export function released(changelog: string, version: string, day: string): string {
  const heading = "## [Unreleased]\n";
  const start = changelog.indexOf(heading);
  if (start === -1) throw new Error(`CHANGELOG.md has no heading ${heading.trim()}.`);
  if (changelog.includes(`## [${version}]`)) throw new Error(`CHANGELOG.md has a release ${version} already.`);
  const rest = changelog.slice(start + heading.length);
  const next = rest.search(/^## /m);
  if (!/^- /m.test(next === -1 ? rest : rest.slice(0, next))) throw new Error("CHANGELOG.md has nothing unreleased.");
  const before = changelog.slice(0, start).replace(" Nothing is released yet.", "");
  return `${before}${heading}\n## [${version}] - ${day}\n${rest}`;
}
