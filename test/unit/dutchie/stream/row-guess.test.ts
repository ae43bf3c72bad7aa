import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RowGuess } from "../../../../src/dutchie/stream/row-guess.ts";
import { split } from "../support/collect.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** In pieces of a few bytes: no row lies within one, so no end is guessed and the scanner finds each. */
function scanned(body: Uint8Array) {
  const piece = body.length > 10_000 ? '{"id":1'.length : 1;
  return split(body, { cuts: Array.from({ length: Math.floor(body.length / piece) }, (_, n) => n * piece) });
}

/** Rows before an error depend on where the body was cut. */
async function expectSame(body: Uint8Array, cuts: number[]) {
  const [guessed, exact] = [await split(body, { cuts }), await scanned(body)];
  expect(guessed.error).toEqual(exact.error);
  if (exact.error === null) expect(guessed).toEqual(exact);
}

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom('},{"id":', '"},{"id":1}', '\\"},{"id":', "}]", "\\", "é", "™", "😀", "\ufffd", "\ufeff", "\u2028"),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.constantFrom(null, true, 0, -1.5e-7),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.record({ id: tie("value"), name: text }, { requiredKeys: ["id"] }),
  ),
}));
const row = fc.record({ id: value, name: value, lines: fc.array(value, { maxLength: 2 }) }, { requiredKeys: ["id"] });
const list = fc.array(fc.oneof({ weight: 9, arbitrary: row }, { weight: 1, arbitrary: value }), { maxLength: 8 });
const cuts = fc.array(fc.nat(), { maxLength: 3 });

/** Bytes that a broken answer has instead of others. */
const harm = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat({ max: 2 }),
    fc.constantFrom("", '"', "\\", "}", "]", ",", '},{"id":', '{"id":1},', "\n", "é"),
  ),
  { maxLength: 3 },
);
function harmed(body: Uint8Array, harms: [at: number, drop: number, put: string][]): Uint8Array {
  return harms.reduce((whole, [where, drop, put]) => {
    // Not before the list: what begins otherwise has no rows.
    const at = 1 + (where % whole.length);
    return Uint8Array.from([...whole.subarray(0, at), ...bytesOf(put), ...whole.subarray(at + drop)]);
  }, body);
}

describe("the guessed ends of rows and the scanner's", () => {
  test("any list has the same rows, wherever the body is cut", async () => {
    await fc.assert(
      fc.asyncProperty(list, cuts, fc.constantFrom(0, 1), async (rows, at, indent) => {
        const body = bytesOf(JSON.stringify(rows, null, indent));
        await expectSame(body, at);
        const result = await split(body, { cuts: at });
        expect(result.rows.map((each) => each.ok && each.value)).toEqual(JSON.parse(new TextDecoder().decode(body)));
      }),
      { numRuns: 200 },
    );
  });

  test("a harmed list has the same rows, or the same error", async () => {
    await fc.assert(
      fc.asyncProperty(list, harm, cuts, async (rows, harms, at) => {
        await expectSame(harmed(bytesOf(JSON.stringify(rows)), harms), at);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ["a border in a text", '[{"id":1},{"id":2,"a":"},{\\"id\\":","b":"}"},{"id":3}]'],
    ["rows within rows", `[{"id":0},${'{"id":1,"of":[{"id":2},{"id":3}]},'.repeat(20)}{"id":4}]`],
    ["a text that never ends", '[{"id":1},{"id":2,"a":"},{"id":3},{"id":4}]'],
    ["a row of a megabyte", `[{"id":1},{"id":2,"a":"${'},{\\"id\\":'.repeat(110_000)}"},{"id":3},{"id":4}]`],
    ["a nesting of 64", `[{"id":1},{"id":${"[".repeat(63)}${"]".repeat(63)}},{"id":3}]`],
    ["a nesting of 65", `[{"id":1},{"id":${"[".repeat(64)}${"]".repeat(64)}},{"id":3}]`],
    ["a nesting of 65 objects", `[{"id":1},{"id":${'{"a":'.repeat(64)}0${"}".repeat(65)},{"id":3}]`],
    ["broken rows", `[{"id":1},${'{"id":01},{"id":2},'.repeat(12)}{"id":3}]`],
    ["a second list", '{"data":[{"id":1},{"id":2},{"id":3}],"other":[{"id":4},{"id":5}]}'],
  ])("hostile rows are read as they are: %s", async (_, body) => {
    await expectSame(bytesOf(body), []);
  });

  test("bytes that are no character shift no row behind them", async () => {
    const body = bytesOf('[{"id":1},{"id":"é"},{"id":"??"},{"id":"é"},{"id":5}]');
    body.set([0xff, 0xe2], body.indexOf(0x3f));
    await expectSame(body, []);
  });

  test("a row over its limit is too large, guessed or scanned", async () => {
    const body = `[{"id":1},{"id":"${"é".repeat(60)}"},{"id":"${"é".repeat(40)}"},{"id":4}]`;
    const { rows } = await split(body, { max_row_bytes: 100 });
    expect(rows.map(({ ok }) => ok)).toEqual([true, false, true, true]);
  });
});

describe("a guess", () => {
  const guess = (first = '{"id":1}') => {
    const made = new RowGuess();
    made.learn(first);
    return made;
  };

  test.each([
    ['{"id":2', null],
    ['{"id":"},{', null],
    ['{"id":[{"id":3}', null],
    ['{"id":2} ,{"id":3}', null],
    ['{"id":2}', { id: 2 }],
  ])("is a row or refused: %s", (text, row) => {
    expect(guess().rowOf(text)).toEqual(row);
  });

  test("ends after eight wrong ones, so that hostile rows are parsed only a few times", () => {
    const made = guess();
    for (let n = 0; n < 8; n++) {
      expect(made.isReady).toBe(true);
      made.rowOf("{");
    }
    expect(made.isReady).toBe(false);
  });

  test.each(["[1]", '"x"', "{}", '{"a\\u0062":1}', `{"${"a".repeat(61)}":1}`])(
    "is not made by a row like %s",
    (first) => {
      expect(guess(first).isReady).toBe(false);
    },
  );
});
