/** Characters that HTML writes by name. A name that is not in this list stays as it is. */
const NAMED: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: "\u00a0",
    copy: "©",
    reg: "®",
    trade: "™",
    deg: "°",
    plusmn: "±",
    times: "×",
    divide: "÷",
    frac12: "½",
    frac14: "¼",
    frac34: "¾",
    sup2: "²",
    sup3: "³",
    middot: "·",
    bull: "•",
    hellip: "…",
    ndash: "–",
    mdash: "—",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    aacute: "á",
    agrave: "à",
    acirc: "â",
    auml: "ä",
    aring: "å",
    atilde: "ã",
    ccedil: "ç",
    eacute: "é",
    egrave: "è",
    ecirc: "ê",
    euml: "ë",
    iacute: "í",
    icirc: "î",
    iuml: "ï",
    ntilde: "ñ",
    oacute: "ó",
    ocirc: "ô",
    ouml: "ö",
    oslash: "ø",
    uacute: "ú",
    ugrave: "ù",
    ucirc: "û",
    uuml: "ü",
    szlig: "ß",
    Eacute: "É",
    Auml: "Ä",
    Ouml: "Ö",
    Uuml: "Ü",
    Ntilde: "Ñ",
  }),
);

/** Decodes HTML entities once: `&amp;amp;` becomes `&amp;`. One pass over the text, with names of bounded length. */
export function decodeEntities(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,7});/g, (entity, name: string) => {
    if (!name.startsWith("#")) return NAMED.get(name) ?? entity;
    const code = /^#[xX]/.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    // Control characters, surrogates and numbers beyond Unicode stay as they are.
    const isSign = code >= 0x20 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
    return isSign ? String.fromCodePoint(code) : entity;
  });
}
