import { readFileSync, writeFileSync } from "node:fs";

/** Replaces the part of a page between `<!-- <name>: … -->` and `<!-- end -->`. */
export function writePart(page: string, name: string, part: string): void {
  const text = readFileSync(page, "utf8");
  const found = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[\\s\\S]*?(<!-- end -->)`);
  if (!found.test(text)) throw new Error(`${page} has no part ${name}`);
  writeFileSync(
    page,
    text.replace(found, (_, begin: string, end: string) => `${begin}${part}\n${end}`),
  );
}
