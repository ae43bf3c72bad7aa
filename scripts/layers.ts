import { readFileSync, writeFileSync } from "node:fs";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { DOMAIN_ORDER, FORBIDDEN, LAYERS, type Layer } from "../layers.config.ts";

/**
 * Holds the imports to `layers.config.ts`, and the tables of `docs/architecture.md` to both; `--write` writes them.
 * By the library and not by its command, which says each time that it does not know our TypeScript: swc reads it.
 */
const DOCS = "docs/architecture.md";
const FOLDERS = ["src", "simulator", "dashboard/src", "scripts", "bench", "test"];

const { output } = await cruise(FOLDERS, {
  ruleSet: { forbidden: FORBIDDEN.map((rule) => ({ severity: "error", ...rule })) },
  validate: true,
  parser: "swc",
  // Imports of types count: who knows another's types depends on it.
  tsPreCompilationDeps: true,
  doNotFollow: { path: "node_modules" },
  enhancedResolveOptions: { extensions: [".ts", ".tsx", ".js"] },
});
if (typeof output === "string") throw new Error("dependency-cruiser answered with text");

const uses = usedBy(output);
const problems = [...broken(output), ...LAYERS.flatMap(unneeded)];
// A picture of layers in a circle cannot be drawn: first what is broken, then the docs.
if (problems.length === 0) checkDocs();
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function checkDocs(): void {
  const docs = readFileSync(DOCS, "utf8");
  const parts = { layers: table(), "domain order": order(), picture: picture() };
  const fresh = Object.entries(parts).reduce((text, [name, part]) => withPart(text, name, part), docs);
  if (process.argv.includes("--write")) writeFileSync(DOCS, fresh);
  else if (fresh !== docs) problems.push(`${DOCS} is out of date: npm run layers -- --write`);
}

function broken({ summary }: ICruiseResult): string[] {
  return summary.violations.map(({ rule, from, to, cycle }) => {
    const way = cycle?.map(({ name }) => name) ?? [to];
    const reason = FORBIDDEN.find(({ name }) => name === rule.name)?.comment;
    return `${[from, ...way].join("\n  → ")}\n  ${rule.name}: ${reason}\n`;
  });
}

/** Of each layer, by its first path, the layers that it uses. */
function usedBy({ modules }: ICruiseResult): Map<string, Set<string>> {
  const layerOf = (path: string) =>
    LAYERS.find(({ at }) => at.some((own) => path === own || path.startsWith(`${own}/`)))?.at[0];
  const found = new Map<string, Set<string>>();
  for (const { source, dependencies } of modules) {
    const from = layerOf(source);
    if (from === undefined) continue;
    const to = found.get(from) ?? new Set();
    found.set(from, to);
    for (const { resolved } of dependencies) {
      const layer = layerOf(resolved);
      if (layer !== undefined && layer !== from) to.add(layer);
    }
  }
  return found;
}

function unneeded({ at: [name = ""], uses: allowed }: Layer): string[] {
  const idle = allowed.filter((path) => !uses.get(name)?.has(path));
  return idle.map((path) => `layers.config.ts: ${name} does not use ${path} any more, take it out`);
}

function table(): string {
  const code = (names: readonly string[]) => names.map((name) => `\`${name.replace(/^src\//, "")}\``).join(", ");
  const rows = LAYERS.map((layer) => {
    const packages = layer.packages === undefined ? "any" : code(layer.packages) || "none";
    return `| ${layer.at.map((path) => `\`${path}\``).join(", ")} | ${layer.does} | ${code(layer.uses) || "nothing"} | ${packages} |`;
  });
  return ["| part | does | may use | packages |", "|---|---|---|---|", ...rows].join("\n");
}

function order(): string {
  return DOMAIN_ORDER.map((groups) => groups.map((at) => `\`${at}\``).join(", ")).join(" → ");
}

/** The layers as they use one another, without the arrows that follow from others. */
function picture(): string {
  const reaches = (from: string, to: string): boolean =>
    [...(uses.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  const arrows = LAYERS.flatMap(({ at: [from = ""] }) => {
    const next = [...(uses.get(from) ?? [])].sort();
    return next
      .filter((to) => !next.some((other) => other !== to && reaches(other, to)))
      .map((to) => `  ${from} --> ${to}`);
  });
  return ["```mermaid", "flowchart TD", ...arrows, "```"].join("\n");
}

/** The text with what stands between the two marks of a part put anew. */
function withPart(text: string, name: string, part: string): string {
  const [from, to] = [`<!-- ${name}: npm run layers -- --write -->\n`, `\n<!-- end -->`];
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start < 0 || end < 0) throw new Error(`${DOCS} has no place for "${name}"`);
  return text.slice(0, start + from.length) + part + text.slice(end);
}
