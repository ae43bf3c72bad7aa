import type { Resource, Settings } from "./model.ts";

/** What a store reads of Dutchie, each for itself: one that fails keeps no other from coming (design, rule 7). */
export const DATA_TYPES = ["products", "inventory", "sales"] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** Rooms are read for the sake of the inventory. */
export const typeOf = (resource: Resource): DataType => (resource === "rooms" ? "inventory" : resource);

export const enabledTypes = ({ data_types }: Pick<Settings, "data_types">): DataType[] =>
  DATA_TYPES.filter((type) => data_types[type]);

/** What the store manager calls it. */
const NAMES: Record<DataType, string> = { products: "products", inventory: "packages", sales: "sales" };

/** "Sales could not be read: …. Products and packages are up to date." null: nothing failed. */
export function failureWords(
  failed: readonly { type: DataType; message: string }[],
  fine: readonly DataType[],
): string | null {
  if (failed.length === 0) return null;
  const reasons = [...new Set(failed.map(({ message }) => message))];
  const sentences = reasons.map((reason) => {
    const types = failed.filter(({ message }) => message === reason).map(({ type }) => type);
    return `${sentence(namesOf(types))} could not be read: ${reason}`;
  });
  const rest = fine.length === 0 ? [] : [`${sentence(namesOf(fine))} are up to date`];
  return [...sentences, ...rest]
    .map((text) => text.replace(/\.$/, ""))
    .join(". ")
    .concat(".");
}

/** "products, packages and sales" */
export function namesOf(types: readonly DataType[]): string {
  const names = DATA_TYPES.filter((type) => types.includes(type)).map((type) => NAMES[type]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
