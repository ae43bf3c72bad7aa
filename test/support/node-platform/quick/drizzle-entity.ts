/**
 * In the place of Drizzle's `entity.js`. Its own `is` compares names along the chain of prototypes, for programs that hold
 * several copies of Drizzle; a bundle holds one, where `instanceof` says the same.
 */
export const entityKind = Symbol.for("drizzle:entityKind");
export const hasOwnEntityKind = Symbol.for("drizzle:hasOwnEntityKind");
export const is = (value: unknown, type: new () => object): boolean => value instanceof type;
