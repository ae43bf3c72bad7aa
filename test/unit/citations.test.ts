import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, it } from "vitest";

// Whatever a comment, a test or a page refers to can be found in the repository: a rule, a fault, a page, a file, a test, a command.

const filesOf = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => ending.test(file) && !file.includes("node_modules"))
    .map((file) => join(folder, file));

const read = (file: string) => ({ file, text: readFileSync(file, "utf8") });
const code = ["src", "test", "simulator", "scripts", "dashboard/src"]
  .flatMap((folder) => filesOf(folder, /\.(ts|tsx)$/))
  .filter((file) => file !== "test/unit/citations.test.ts")
  .map(read);
const pages = [
  ...readdirSync(".").filter((file) => file.endsWith(".md")),
  "simulator/README.md",
  ...filesOf("docs", /\.md$/),
  ...filesOf(".github", /\.md$/),
].map(read);
const all = [...code, ...pages];

const known = (page: string, pattern: RegExp) =>
  new Set([...readFileSync(page, "utf8").matchAll(pattern)].map(([, name]) => name));

/** Each citation of this kind that points at nothing, with the file it stands in. */
const lost = (
  texts: { file: string; text: string }[],
  pattern: RegExp,
  isThere: (cited: string, file: string) => boolean,
) =>
  texts.flatMap(({ file, text }) =>
    [...text.matchAll(pattern)].flatMap(([whole, cited = whole]) =>
      isThere(cited, file) ? [] : [`${file}: ${whole.slice(0, 120)}`],
    ),
  );

it("a rule that is cited has its heading in docs/rules.md", () => {
  const rules = known("docs/rules.md", /^### (\d+)\. /gm);
  const isThere = (cited: string) => (cited.match(/\d+/g) ?? []).every((number) => rules.has(number));
  expect(lost(all, /\brules? (\d+(?:(?:, | and )\d+)*)/gi, isThere)).toEqual([]);
  expect([...rules].map(Number)).toEqual(Array.from(rules, (_, index) => index + 1));
});

it("a fault that is cited has its line in docs/faults.md", () => {
  const faults = known("docs/faults.md", /^\| (F\d\d) \|/gm);
  expect(lost(all, /\bF\d\d\b/g, (number) => faults.has(number))).toEqual([]);
});

it("the API contract and the guide are pages, and no other paper is cited", () => {
  expect(["docs/api.md", "docs/guide.md"].filter((page) => !existsSync(page))).toEqual([]);
  expect(lost(code, /\bthe contract\b|\bthe brief\b|\bdesign\b/gi, () => false)).toEqual([]);
});

const EXTENSIONS = "ts|tsx|md|toml|json|yml|png";
/** By its place in the repository, in `src`, or beside the file that names it. */
const isFile = (cited: string, file: string) =>
  MADE.has(cited) || ["", "src", dirname(file)].some((base) => existsSync(join(base, cited)));
/** Files that a command writes and Git ignores. */
const MADE = new Set(["bench/results.json"]);

it("a file that a page or a comment names exists", () => {
  const inPages = new RegExp(`\`([\\w.@-]+(?:/[\\w.@*-]+)+\\.(?:${EXTENSIONS}))(?:#[\\w-]+)?\``, "g");
  expect(lost(pages, inPages, isFile)).toEqual([]);
  const names = new Set([...code, ...pages].map(({ file }) => basename(file)));
  expect(lost(pages, /`([\w-]+\.(?:ts|tsx|md))`/g, (name) => names.has(name))).toEqual([]);
  const comments = code.map(({ file, text }) => ({
    file,
    text: (text.match(/^\s*(?:\/?\*|\/\/).*$/gm) ?? []).join("\n"),
  }));
  expect(lost(comments, /((?:docs|src|test|scripts|simulator)\/[\w./-]+\.(?:ts|tsx|md))\b/g, isFile)).toEqual([]);
});

it("a folder that a page names exists", () => {
  const folders = /`((?:src|test|docs|simulator|scripts|dashboard)(?:\/[\w-]+)*)\/?`/g;
  expect(lost(pages, folders, (cited) => existsSync(cited))).toEqual([]);
});

it("docs/architecture.md has a line for each group of src", () => {
  const groups = readdirSync("src", { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((folder) => folder.split("/").length === 3);
  expect([...known("docs/architecture.md", /^\| `(src\/\w+\/\w+)` \|/gm)].sort()).toEqual(groups.sort());
});

it("a link in a page leads to an existing file and heading", () => {
  const anchorsOf = (page: string) =>
    [...readFileSync(page, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
  const isThere = (link: string, file: string) => {
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    return existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
  };
  expect(lost(pages, /\]\((?!https?:|mailto:)([^)\s]+)\)/g, isThere)).toEqual([]);
});

it("a test that a page names by its title is in that file", () => {
  const named = pages.flatMap(({ file, text }) =>
    [...text.matchAll(/`(test\/[^`]+)` — “([^”]+)”/g)].map(([, test = "", title = ""]) => ({ file, test, title })),
  );
  expect(named.length).toBeGreaterThan(100);
  const missing = named.filter(({ test, title }) => !existsSync(test) || !readFileSync(test, "utf8").includes(title));
  expect(missing).toEqual([]);
});

it("a command that a page or comment names is in package.json", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const isThere = (name: string) => Object.hasOwn(scripts, name);
  expect(lost(all, /\bnpm run (?:--silent )?([\w-]+(?::[\w-]+)*)/g, isThere)).toEqual([]);
  expect(lost(all, /\bnpm (start|test)\b/g, isThere)).toEqual([]);
});
