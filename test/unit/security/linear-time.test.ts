import { globSync, readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { checkSync } from "recheck";
import { parseAst } from "vite";
import { describe, expect, it } from "vitest";
import { SIZE_PATTERNS } from "../../../src/domain/values/sizes.ts";

/**
 * Every pattern in `src` against text from outside: none needs more than linear time (recheck analyses it), and
 * each runs over a megabyte of the worst.
 */
interface Pattern {
  file: string;
  source: string;
  flags: string;
}

/** Patterns that are put together of parts: their files list them. */
const COMPOSED: Readonly<Record<string, readonly RegExp[]>> = {
  "src/domain/values/sizes.ts": Object.values(SIZE_PATTERNS),
};

const found = globSync("src/**/*.ts").flatMap(patternsIn);
/** Each pattern once, under the last file that has it. */
const patterns = [
  ...new Map(
    [
      ...found.filter(({ flags }) => flags !== "composed"),
      ...Object.entries(COMPOSED).flatMap(([file, list]) => list.map(({ source, flags }) => ({ file, source, flags }))),
    ].map((pattern) => [`/${pattern.source}/${pattern.flags}`, pattern]),
  ).values(),
];

function patternsIn(file: string): Pattern[] {
  const found: Pattern[] = [];
  const walk = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    const { type, regex, callee } = node as {
      type?: string;
      regex?: { pattern: string; flags: string };
      callee?: { name?: string };
    };
    if (type === "Literal" && regex !== undefined) found.push({ file, source: regex.pattern, flags: regex.flags });
    if (type === "NewExpression" && callee?.name === "RegExp") found.push({ file, source: "", flags: "composed" });
    for (const inner of Object.values(node)) walk(inner);
  };
  walk(parseAst(transformSync(readFileSync(file, "utf8"), { loader: "ts", target: "esnext" }).code));
  return found;
}

/**
 * recheck would run an attack that it suspects, and clear the pattern if the attack ended in time. A quadratic pattern passed so
 * on a quick machine. A suspicion is enough: such a pattern can be written in a way that has none. It counts steps and no time, or a busy
 * machine would look like a slow pattern.
 */
const NO_TRIAL = {
  timeout: null,
  seedingTimeout: null,
  incubationTimeout: null,
  attackTimeout: null,
  recallTimeout: -1,
};
const MEGABYTE = 1_000_000;
const WORST = [" ", "0", "a", "/", "=", "-", "&", "#", "<", "(", "\t", "é", "0,", "a.", "1 ", "&amp;", "a b", '"id":'];

const worst = (unit: string, length: number) => `${unit.repeat(Math.ceil(length / unit.length)).slice(0, length)}!`;

describe("F71: every pattern reads text from outside in linear time", () => {
  it("F71: patterns are found, and composed patterns are listed", () => {
    expect(patterns.length).toBeGreaterThan(60);
    const composed = new Set(found.flatMap(({ file, flags }) => (flags === "composed" ? [file] : [])));
    expect([...composed]).toEqual(Object.keys(COMPOSED));
  });

  it.each(patterns)("F71: the pattern $file /$source/$flags is linear", ({ source, flags }) => {
    const { status } = checkSync(source, flags, NO_TRIAL);
    expect(status).toBe("safe");
    // A pattern that is not linear does not come to an end here.
    for (const unit of WORST) expect(() => worst(unit, MEGABYTE).replace(new RegExp(source, flags), "")).not.toThrow();
  });
});
