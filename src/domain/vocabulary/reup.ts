/** ReUp's enumerations, in its own words. What no rule maps into them is null. */

export const ROOM_TYPES = ["sales_floor", "vault", "quarantine", "secret_menu"] as const;
export type RoomType = (typeof ROOM_TYPES)[number];

export const STRAIN_TYPES = ["indica", "sativa", "hybrid"] as const;
export type StrainType = (typeof STRAIN_TYPES)[number];

/** ReUp's categories with their subcategories. A product of another category than flower may have its strain type instead. */
const SUBCATEGORIES = {
  flower: STRAIN_TYPES,
  concentrates: ["shatter", "wax", "live_resin", "rosin"],
  edibles: ["gummies", "chocolates", "beverages"],
  vapes: ["cartridges", "disposables"],
  topicals: ["lotions", "balms"],
  accessories: ["papers", "pipes", "grinders"],
} as const;
export type Category = keyof typeof SUBCATEGORIES;
export type Subcategory = (typeof SUBCATEGORIES)[Category][number];

export const CATEGORIES = [
  "flower",
  "concentrates",
  "edibles",
  "vapes",
  "topicals",
  "accessories",
] as const satisfies readonly Category[];

/** The names of all subcategories. */
export const SUBCATEGORY_NAMES = [
  ...SUBCATEGORIES.flower,
  ...SUBCATEGORIES.concentrates,
  ...SUBCATEGORIES.edibles,
  ...SUBCATEGORIES.vapes,
  ...SUBCATEGORIES.topicals,
  ...SUBCATEGORIES.accessories,
] as const;

export const isRoomType = (value: unknown): value is RoomType => ROOM_TYPES.some((type) => type === value);
export const isCategory = (value: unknown): value is Category => CATEGORIES.some((category) => category === value);

/** Whether a product of this category may have this subcategory: one of its own, or a strain type. */
export const isSubcategoryOf = (category: Category, value: unknown): value is Subcategory =>
  [...SUBCATEGORIES[category], ...STRAIN_TYPES].some((subcategory) => subcategory === value);
