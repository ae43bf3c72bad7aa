import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto";

/** The part of a CryptoKey that libraries use. */
class Key {
  readonly type = "secret";
  readonly extractable = false;
  readonly [Symbol.toStringTag] = "CryptoKey";

  constructor(
    readonly algorithm: { name: string; hash: { name: "SHA-256" }; length: number },
    readonly usages: readonly string[],
    readonly raw: Uint8Array,
  ) {}
}

interface Gcm {
  iv: Uint8Array;
  additionalData: Uint8Array;
}

const TAG_BYTES = 16;
const nameOf = (algorithm: string | { name: string }) => (typeof algorithm === "string" ? algorithm : algorithm.name);
const bytesOf = (data: ArrayBuffer | Uint8Array) => (data instanceof ArrayBuffer ? new Uint8Array(data) : data);
/** A copy of exactly these bytes, because a Buffer's memory is part of a pool. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

function only(algorithm: string, ...known: string[]): void {
  if (!known.includes(algorithm)) throw new Error(`${algorithm} is not among what the platform for tests offers.`);
}

const mac = ({ algorithm, raw }: Key, data: ArrayBuffer | Uint8Array): Buffer => {
  only(algorithm.name, "HMAC");
  return createHmac("sha256", raw).update(bytesOf(data)).digest();
};

/** The part of WebCrypto that the code uses, run synchronously: the real one uses a thread per call, which takes longer than the work. */
export const subtle = {
  async digest(algorithm: string | { name: string }, data: ArrayBuffer | Uint8Array): Promise<ArrayBuffer> {
    only(nameOf(algorithm), "SHA-256");
    return bufferOf(createHash("sha256").update(bytesOf(data)).digest());
  },

  async importKey(
    format: string,
    raw: ArrayBuffer | Uint8Array,
    algorithm: string | { name: string; hash?: string | { name: string } },
    _extractable: boolean,
    usages: readonly string[],
  ): Promise<Key> {
    only(format, "raw");
    if (typeof algorithm === "object" && algorithm.hash !== undefined) only(nameOf(algorithm.hash), "SHA-256");
    const copy = new Uint8Array(bytesOf(raw));
    return new Key({ name: nameOf(algorithm), hash: { name: "SHA-256" }, length: copy.length * 8 }, usages, copy);
  },

  async sign(_algorithm: unknown, key: Key, data: ArrayBuffer | Uint8Array): Promise<ArrayBuffer> {
    return bufferOf(mac(key, data));
  },

  async verify(
    _algorithm: unknown,
    key: Key,
    signature: ArrayBuffer | Uint8Array,
    data: ArrayBuffer | Uint8Array,
  ): Promise<boolean> {
    const [expected, given] = [mac(key, data), bytesOf(signature)];
    return expected.length === given.length && timingSafeEqual(expected, given);
  },

  async encrypt({ iv, additionalData }: Gcm, { algorithm, raw }: Key, data: Uint8Array): Promise<ArrayBuffer> {
    only(algorithm.name, "AES-GCM");
    const cipher = createCipheriv("aes-256-gcm", raw, iv).setAAD(additionalData);
    return bufferOf(Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]));
  },

  async decrypt({ iv, additionalData }: Gcm, { algorithm, raw }: Key, data: Uint8Array): Promise<ArrayBuffer> {
    only(algorithm.name, "AES-GCM");
    const decipher = createDecipheriv("aes-256-gcm", raw, iv).setAAD(additionalData);
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return bufferOf(Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]));
  },
};
