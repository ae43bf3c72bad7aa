/**
 * Finds our secrets in a text of somebody else's, in whatever spelling it has them, so that the text is not passed on. One
 * pass per reading and a fixed number of decodings: the time grows with the text's length and no faster.
 */

/** Characters of a secret that give it away: more than a hint shows (4), fewer than are left when a text is cut. */
const PIECE = 12;
/** Shorter than this nothing is a secret, and looking for it would find it everywhere. */
const SHORTEST = 4;
/** JSON in a URL in base64 in JSON: deeper than that nobody wraps what he repeats. */
const DEPTH = 4;

/** A function that says whether a text holds one of the secrets, or a telling piece of one. */
export function secretFinder(secrets: readonly string[]): (text: string) => boolean {
  const whole: string[] = [];
  const pieces = new Set<string>();
  for (const spelling of secrets.flatMap(spellingsOf)) {
    if (spelling.length < PIECE) whole.push(spelling);
    for (let at = 0; at + PIECE <= spelling.length; at++) pieces.add(spelling.slice(at, at + PIECE));
  }
  const holds = (plain: string): boolean => {
    if (whole.some((secret) => plain.includes(secret))) return true;
    for (let at = 0; at + PIECE <= plain.length; at++) if (pieces.has(plain.slice(at, at + PIECE))) return true;
    return false;
  };
  return (text) =>
    decodingsOf(text)
      .map(folded)
      .some((plain) => holds(plain) || holds(bare(plain)));
}

/** As it is, backwards, and what base64 makes of it at each of the three places where it may begin in a longer text. */
function spellingsOf(secret: string): string[] {
  if (secret.length < SHORTEST) return [];
  const encoded = [0, 1, 2].map((before) => {
    const text = base64(" ".repeat(before) + secret);
    // The first and the last signs hold bits of the neighbours.
    return text
      .replaceAll("=", "")
      .slice(before === 0 ? 0 : before + 1, secret.length % 3 === (3 - before) % 3 ? undefined : -1);
  });
  const plain = folded(secret);
  const spellings = [plain, [...plain].reverse().join(""), bare(plain), ...encoded.map(folded)];
  return spellings.filter(({ length }) => length >= SHORTEST);
}

/** Case, blanks, invisible and wide signs make no difference; nor does the alphabet of base64. */
const folded = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\p{C}]/gu, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/");

/** Letters and digits alone: what is left of a key where signs may not stand, as in the name of a host. */
const bare = (plain: string) => plain.replaceAll(/[^a-z0-9]/g, "");

/** The text, and what comes out when its escapes, its base64 and its hexadecimal are read, and theirs. */
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

/** Names that HTML has for signs a key may contain. */
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

/** One kind of escape read, once; what was escaped twice, or in two ways, comes out in the next reading. */
function unescaped(text: string): string[] {
  return [
    text.replaceAll(BACKSLASH, (_, u4?: string, braced?: string, x2?: string, blank?: string, sign?: string) => {
      const hex = u4 ?? braced ?? x2;
      if (hex !== undefined) return charOf(Number.parseInt(hex, 16));
      // A line's end or a tab, written out, falls away like one that is there.
      return blank === undefined ? (sign ?? "") : "";
    }),
    text.replaceAll(PERCENT, (_, u4?: string, x2?: string) => charOf(Number.parseInt(u4 ?? x2 ?? "", 16))),
    text.replaceAll(ENTITY, (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return NAMED[name.toLowerCase()] ?? all;
      return charOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
    }),
  ];
}

const charOf = (code: number) => (code <= 0x10ffff ? String.fromCodePoint(code) : "");

/** What runs of base64 and of hexadecimal digits stand for, from each place where they may begin. */
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
  // One sign more than full groups of four says nothing.
  return atob(plain.length % 4 === 1 ? plain.slice(0, -1) : plain);
}

const fromHexRun = (run: string) =>
  run.replaceAll(/([0-9A-Fa-f]{2})|./g, (_all, pair?: string) =>
    pair === undefined ? "" : charOf(Number.parseInt(pair, 16)),
  );

const base64 = (text: string) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
