import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { askSecret } from "../../../../scripts/support/shipping/ask-secret.ts";

it.each([
  ["typed", ["Kd8", "2mQz", "\n"], "Kd82mQz"],
  ["pasted", ["Kd82mQz\r\n"], "Kd82mQz"],
  ["corrected", ["Kd9\u007F82mQz\n"], "Kd82mQz"],
])("a secret that is %s is never shown", async (_, typed, expected) => {
  const input = new PassThrough();
  const output = new PassThrough();
  const answer = askSecret("AUTH_JWT_SECRET", input, output);
  for (const part of typed) input.write(part);
  expect(await answer).toBe(expected);
  output.end();
  expect(await text(output)).toBe("AUTH_JWT_SECRET (not shown): \n");
});

it("an input that ends without an answer gives none", async () => {
  const input = new PassThrough();
  const answer = askSecret("AUTH_JWT_SECRET", input, new PassThrough());
  input.end();
  expect(await answer).toBeNull();
});
