/**
 * Finds our secrets in a foreign text, in any spelling, so that we do not pass the text on. One pass per decoding and a
 * fixed number of decodings: linear time.
 */

/** Characters of a secret that give it away: more than a hint shows (4), fewer than remain when a text is cut. */
const PIECE = 12;
/** Characters. A shorter text is no secret, and would be found everywhere. */
const SHORTEST = 4;
/** How often a text is decoded: enough for JSON in a URL in base64 in JSON. */
const DEPTH = 4;

/** Returns a function that says whether a text contains one of the secrets, or a piece of PIECE characters. */
export function secretFinder(secrets: readonly string[]): (text: string) => boolean {
  const whole: string[] = [];
  const pieces = new Set<string>();
  for (const spelling of secrets.flatMap(spellingsOf)) {
    if (spelling.length < PIECE) whole.push(spelling);
    for (let at = 0; at + PIECE <= spelling.length; at++) pieces.add(spelling.slice(at, at + PIECE));
  }
  const contains = (plain: string): boolean => {
    if (whole.some((secret) => plain.includes(secret))) return true;
    for (let at = 0; at + PIECE <= plain.length; at++) if (pieces.has(plain.slice(at, at + PIECE))) return true;
    return false;
  };
  return (text) =>
    decodingsOf(text)
      .map(folded)
      .some((plain) => contains(plain) || contains(bare(plain)));
}

/** The secret as it is, backwards, and in base64 at each of the three offsets that it may have in a longer text. */
function spellingsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const encoded = [0, 1, 2].map((before) => {
    const text = base64(" ".repeat(before) + secret);
    // The first and the last characters contain bits of the text around it.
    return text
      .replaceAll("=", "")
      .slice(before === 0 ? 0 : before + 1, secret.length % 3 === (3 - before) % 3 ? undefined : -1);
  });
  const plain = folded(secret);
  const spellings = [plain, [...plain].reverse().join(""), bare(plain), ...encoded.map(folded)];
  return spellings.filter(({ length }) => length >= SHORTEST);
}

/** Removes what must make no difference: case, blanks, invisible and wide characters, and the alphabet of base64. */
const folded = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\p{C}]/gu, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");

/** Letters and digits alone: all that remains of a key in places such as a host name. */
const bare = (plain: string) => plain.replaceAll(/[^a-z0-9]/g, "");

/** The text, and what its escapes, base64 and hexadecimal decode to, again and again up to DEPTH. */
function decodingsOf(text: string): string[] {
  const decodings = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < DEPTH && latest.length > 0; depth++) {
    const next = latest
      .flatMap((each) => [...unescaped(each), ...unpacked(each)])
      .filter((each) => !decodings.has(each));
    latest = [...new Set(next)];
    for (const each of latest) decodings.add(each);
  }
  return [...decodings];
}

const BACKSLASH = /\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([nrtbfv0])|(.))/g;
const PERCENT = /%(?:u([0-9a-fA-F]{4})|([0-9a-fA-F]{2}))/g;
const ENTITY = /&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,8}));?/g;

/** HTML's names for characters that a key may contain. */
const NAMED: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  amp: "&",
  apos: "'",
  ast: "*",
  bsol: "\\",
  colon: ":",
  comma: ",",
  commat: "@",
  dollar: "$",
  equals: "=",
  excl: "!",
  grave: "`",
  gt: ">",
  hat: "^",
  lbrace: "{",
  lcub: "{",
  lowbar: "_",
  lpar: "(",
  lsqb: "[",
  lt: "<",
  num: "#",
  percnt: "%",
  period: ".",
  plus: "+",
  quest: "?",
  quot: '"',
  rcub: "}",
  rpar: ")",
  rsqb: "]",
  semi: ";",
  sol: "/",
  verbar: "|",
});

/** The text with one kind of escape decoded once. A second escape is decoded in the next round. */
function unescaped(text: string): string[] {
  return [
    text.replaceAll(BACKSLASH, (...groups: (string | undefined)[]) => {
      const [, u4, braced, x2, blank, char] = groups;
      const hex = u4 ?? braced ?? x2;
      if (hex !== undefined) return charOf(Number.parseInt(hex, 16));
      // An escaped line end or tab is dropped, as a real one is.
      return blank === undefined ? (char ?? "") : "";
    }),
    text.replaceAll(PERCENT, (_, u4?: string, x2?: string) => charOf(Number.parseInt(u4 ?? x2 ?? "", 16))),
    text.replaceAll(ENTITY, (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
      return charOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    }),
  ];
}

const charOf = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : "");

/** What runs of base64 and hexadecimal digits decode to, from each offset at which they may begin. */
function unpacked(text: string): string[] {
  const dense = text.replaceAll(/\s/g, "");
  const runs = dense.match(/[A-Za-z0-9+/_-]{6,}/g) ?? [];
  const digits = dense.match(/[0-9A-Fa-f]{8,}/g) ?? [];
  return [
    ...[0, 1, 2, 3].map((from) => runs.map((run) => fromBase64Run(run.slice(from))).join("\n")),
    ...[0, 1].map((from) => digits.map((run) => fromHexRun(run.slice(from))).join("\n")),
  ].filter((each) => each.trim() !== "");
}

function fromBase64Run(run: string): string {
  const plain = run.replaceAll("-", "+").replaceAll("_", "/");
  // A single character after the groups of four encodes nothing.
  return atob(plain.length % 4 === 1 ? plain.slice(0, -1) : plain);
}

const fromHexRun = (run: string) =>
  run.replaceAll(/([0-9A-Fa-f]{2})|./g, (_all, pair?: string) =>
    pair === undefined ? "" : charOf(Number.parseInt(pair, 16)),
  );

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
