/** Detects secrets that others can guess: published in examples, typed by hand, or with a pattern. */

/** Of 32 random bytes about 30 are distinct. Fewer than this practically never happens. */
const DISTINCT_BYTES = 12;
/** Of 32 random hexadecimal digits about 14 are distinct. */
const DISTINCT_CHARACTERS = 8;
/** A secret that repeats only after more characters is random enough. */
const LONGEST_PERIOD = 16;

/** Words in secrets from examples, documentation and habit. Random text contains none: each has six letters or more. */
const WORDS =
  /development|donotdeploy|testonly|testsecret|testing|example|placeholder|changeme|replaceme|insecure|passw[o0]rd|secretkey|yoursecret|mysecret|jwtsecret|supersecret|topsecret|stringsecret|atleast|256bit|qwerty|letmein|12345678|01234567|abcdefgh/;

/** Why a text is too weak to be a secret; null: no weakness found. */
export function weakText(text: string): string | null {
  const plain = text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  if (WORDS.test(plain)) return "comes from an example or a test: make a random one";
  return patterned(
    [...text].map((char) => char.charCodeAt(0)),
    DISTINCT_CHARACTERS,
  );
}

/** Why bytes are too weak to be a key; null: no weakness found. */
export function weakBytes(bytes: Uint8Array): string | null {
  // The chance that 32 random bytes are all printable is 1 in 10^14.
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
