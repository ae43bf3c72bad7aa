import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as whole from "zod";
import * as english from "../../zod-in-english/index.ts";

const TYPES = ["infer", "output", "ZodRawShape"];

/** What the Worker's code calls of zod, and what `@hono/zod-openapi` adds `.openapi()` to. */
function used(): Set<string> {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => /\.ts$/.test(name));
  const names = files.flatMap((name) =>
    [...readFileSync(`src/${name}`, "utf8").matchAll(/\bz\.(\w+)/g)].map(([, found]) => String(found)),
  );
  return new Set([...names.filter((name) => !TYPES.includes(name)), "ZodType"]);
}

describe("the zod of the bundle", () => {
  it("has all of zod that the Worker uses, and nothing else", () => {
    expect(used().size).toBeGreaterThan(15);
    expect(Object.keys(english).sort()).toEqual([...used(), "z"].sort());
    expect(Object.keys(whole)).toEqual(expect.arrayContaining([...used()]));
  });

  it("says what is wrong in English, as zod does", () => {
    const messageOf = ({ error }: ReturnType<whole.ZodString["safeParse"]>) => error?.issues[0]?.message;
    const message = messageOf(english.string().max(3).safeParse("long"));
    expect(message).toBe("Too big: expected string to have <=3 characters");
    expect(message).toBe(messageOf(whole.string().max(3).safeParse("long")));
  });
});
