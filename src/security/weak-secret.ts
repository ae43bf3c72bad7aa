/** Secrets that anybody could have: published with a program, typed by hand, or counted out. */

/** Of 32 random bytes about 30 differ; fewer than this comes once in a universe. */
const DISTINCT_BYTES = 12;
/** Of 32 random hexadecimal digits about 14 differ. */
const DISTINCT_CHARACTERS = 8;
/** Longer periods would leave so much chance that the secret is one. */
const LONGEST_PERIOD = 16;

/** Words of secrets in examples, documentation and habits. Six letters or more: random text has none of them. */
const WORDS =
  /development|donotdeploy|testonly|testsecret|testing|example|placeholder|changeme|replaceme|insecure|passw[o0]rd|secretkey|yoursecret|mysecret|jwtsecret|supersecret|topsecret|stringsecret|atleast|256bit|qwerty|letmein|12345678|01234567|abcdefgh/;

/** Why a secret text is none; null: nothing speaks against it. */
export function weakText(text: string): string | null {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (WORDS.test(plain)) return "is one of an example or a test: make a random one";
  return patterned(
    [...text].map((char) => char.charCodeAt(0)),
    DISTINCT_CHARACTERS,
  );
}

/** Why a key's bytes are none; null: nothing speaks against them. */
export function weakBytes(bytes: Uint8Array): string | null {
  // 32 random bytes that are all printable come once in 10^14.
  if (bytes.every((byte) => byte >= 0x20 && byte <= 0x7e)) return "is a text: make it of random bytes";
  return patterned([...bytes], DISTINCT_BYTES);
}

function patterned(values: readonly number[], distinct: number): string | null {
  const follows = (pattern: (at: number) => boolean, from: number) =>
    values.length > from && values.every((_, at) => at < from || pattern(at));
  const repeats = Array.from({ length: LONGEST_PERIOD }, (_, at) => at + 1).some((period) =>
    follows((at) => values[at] === values[at - period], period),
  );
  const step = (at: number) => (values[at] ?? 0) - (values[at - 1] ?? 0);
  const even = values.filter((_, at) => at > 1 && step(at) === step(at - 1)).length;
  const weak = repeats || even > values.length / 2 || new Set(values).size < distinct;
  return weak ? "follows a pattern: make it of random bytes" : null;
}
