/** Bytes as hexadecimal digits, two each, in lower case. */
export const toHex = (bytes: Iterable<number>): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
