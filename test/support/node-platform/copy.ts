/**
 * A structured clone. Calls nearly always contain plain data, which is copied here in a fraction of the time; everything else
 * is left to the real one, which refuses what cannot be sent. Of an object that stands in two places there are two copies.
 */
export function copyOf<T>(value: T): T {
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol"))
    return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value as object)) {
    // Set, it would be the prototype.
    if (key === "__proto__") return structuredClone(value);
    copy[key] = copyOf((value as Record<string, unknown>)[key]);
  }
  return copy as T;
}
