import { readdirSync, readFileSync } from "node:fs";

/** The pages whose commands a reader types. */
const PAGES = [
  ...readdirSync(".").filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md"),
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
  "examples/next/README.md",
  "simulator/README.md",
];

export interface DocumentedCommand {
  page: string;
  /** One line, without a comment at its end. */
  command: string;
}

/** Every command of the pages: lines of `sh` blocks, and code within sentences that begins like a command. */
export function documentedCommands(): DocumentedCommand[] {
  return PAGES.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = ""]) => linesOf(block));
    const spans = [...text.matchAll(/`((?:\w+=\S+ )*(?:npm|npx) [^`\n]+)`/g)].map(([, span = ""]) => span);
    return [...blocks, ...spans].map((command) => ({ page, command: withoutComment(command) }));
  });
}

/** A line that ends within a quotation or with a backslash goes on in the next one. */
function linesOf(block: string): string[] {
  const lines: string[] = [];
  let open = "";
  for (const line of block.split("\n")) {
    open = open === "" ? line.trim() : `${open}\n${line.trim()}`;
    if (open.endsWith("\\") || (open.match(/'/g) ?? []).length % 2 === 1) continue;
    if (open !== "") lines.push(open);
    open = "";
  }
  return lines;
}

const withoutComment = (command: string) => command.replace(/ +# .*$/, "");
