import { Random } from "../../simulator/random.ts";

/** Makes everything random in the code follow the seed, so that ids and waits are the same in each run of a seed. */
export function seedRandomness(seed: number): void {
  const random = new Random(seed);
  const define = (on: object, name: string, value: unknown) =>
    Object.defineProperty(on, name, { value, configurable: true, writable: true });
  const getRandomValues = (bytes: Uint8Array) => {
    for (let index = 0; index < bytes.length; index++) bytes[index] = random.int(0, 255);
    return bytes;
  };
  define(Math, "random", () => random.next());
  define(crypto, "getRandomValues", getRandomValues);
  define(crypto, "randomUUID", () => {
    const hex = [...getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  });
}
