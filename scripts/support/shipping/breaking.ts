/** What the version before may still use: it runs on while the databases are migrated already, and again after a rollback. */
const BREAKING: readonly (readonly [RegExp, string])[] = [
  [/\bdrop\s+table\b/i, "drops a table"],
  [/\balter\s+table\b.*\sdrop\s/is, "drops a column"],
  [/\balter\s+table\b.*\srename\s/is, "renames"],
  [
    /\balter\s+table\b.*\sadd\s(?!.*\bdefault\b).*\bnot\s+null\b/is,
    "adds a column that the version before does not fill",
  ],
  [/\bcreate\s+unique\s+index\b/i, "makes values unique that the version before may write twice"],
];

/** Why the version before cannot work with a database after this migration; empty: it can. */
export function breakingParts(sql: string): string[] {
  const statements = sql
    .replace(/--.*$/gm, "")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .split(";");
  return BREAKING.flatMap(([pattern, what]) => (statements.some((each) => pattern.test(each)) ? [what] : []));
}
