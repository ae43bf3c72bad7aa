import { describe, expect, it } from "vitest";
import * as whole from "zod";
import * as english from "../../zod-in-english/index.ts";

/** The languages, and what nothing of ours and of our libraries uses. A new name here: add it to the file, or to this list. */
const LEFT_OUT = [
  ...["INVALID", "ZodCompileAsyncError", "ZodCompileUnsupportedError", "compile", "core", "deepPartial", "default"],
  ...["fromJSONSchema", "getDiscriminatedOption", "input", "locales", "memoizer", "output", "toZod", "withParser"],
];

describe("the zod of the bundle", () => {
  it("has everything of zod but the languages and what nobody uses", () => {
    const missing = Object.keys(whole).filter((name) => !(name in english));
    expect(missing.sort()).toEqual(LEFT_OUT);
  });

  it("says what is wrong in English, as zod does", () => {
    const messageOf = ({ error }: ReturnType<whole.ZodString["safeParse"]>) => error?.issues[0]?.message;
    const message = messageOf(english.string().max(3).safeParse("long"));
    expect(message).toBe("Too big: expected string to have <=3 characters");
    expect(message).toBe(messageOf(whole.string().max(3).safeParse("long")));
  });
});
