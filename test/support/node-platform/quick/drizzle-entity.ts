/**
 * Replaces Drizzle's `entity.js`. Drizzle's `is` compares names along the prototype chain, for programs with several copies
 * of Drizzle. A bundle has one copy, where `instanceof` gives the same result faster.
 */
export const entityKind = Symbol.for("drizzle:entityKind");
export const hasOwnEntityKind = Symbol.for("drizzle:hasOwnEntityKind");
export const is = (value: unknown, type: new () => object): boolean => value instanceof type;
