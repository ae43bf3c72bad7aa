import type { Resource, Settings } from "../records/model.ts";

/** What a store reads from Dutchie. Each type is read on its own: if one fails, the others still come (rule 7). */
export const DATA_TYPES = ["products", "inventory", "sales"] as const;
export type DataType = (typeof DATA_TYPES)[number];

/** What can fail on its own. Rooms are read for the inventory, but the inventory can be read without them. */
export type Part = DataType | "rooms";
const PARTS: readonly Part[] = ["rooms", ...DATA_TYPES];

/** Rooms belong to the inventory. */
export const typeOf = (resource: Resource): DataType => (resource === "rooms" ? "inventory" : resource);

export const enabledTypes = ({ data_types }: Pick<Settings, "data_types">): DataType[] =>
  DATA_TYPES.filter((type) => data_types[type]);

/** The store manager's names. */
const NAMES: Record<Part, string> = { rooms: "rooms", products: "products", inventory: "packages", sales: "sales" };

/** "Sales could not be read: …. Products and packages are up to date." null: nothing failed. */
export function failureText(
  failed: readonly { type: Part; message: string }[],
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
export function namesOf(types: readonly Part[]): string {
  const names = PARTS.filter((type) => types.includes(type)).map((type) => NAMES[type]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
